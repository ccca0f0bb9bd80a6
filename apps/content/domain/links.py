"""The one resolver of deep links: a platform, a device and a title become addresses that the device can open."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from apps.content.domain.link_templates import TEMPLATES, App, DeviceKind, PlatformTemplates
from apps.content.domain.vocabulary import Kind

# Systems that hand an https address to the app that claims it. Fire OS opens its browser instead, and the others have
# no such mechanism at all.
_UNIVERSAL: Final = frozenset({DeviceKind.IOS, DeviceKind.TVOS, DeviceKind.ANDROID, DeviceKind.ANDROID_TV})
_HAS_APPS: Final = _UNIVERSAL | {DeviceKind.FIRE_TV}
# Roku's name for what a link leads to (developer.roku.com, deep linking); it has no word for a special.
_ROKU_MEDIA_TYPES: Final[Mapping[Kind, str]] = {
    Kind.MOVIE: "movie",
    Kind.SERIES: "series",
    Kind.SEASON: "season",
    Kind.EPISODE: "episode",
    Kind.SHORT: "shortFormVideo",
    Kind.SPECIAL: "movie",
}


class LinkKind(StrEnum):
    """What a link leads to."""

    TITLE = "title"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class DeepLink:
    """
    Ways to open a title on one device, best first.

    Attributes:
        kind: Whether they lead to the title itself or to the platform's search for it.
        app_link: What the device is asked to open so that the app comes up; None where apps take no links.
        universal_link: Https address that the system itself gives to the app if it is installed; None where the
            system does not do that.
        web_fallback: Https address for a browser; always there.
        launch_path: Path and query to POST to the device's own control port (Roku, port 8060); None elsewhere.
    """

    kind: LinkKind
    app_link: str | None
    universal_link: str | None
    web_fallback: str
    launch_path: str | None


def resolve_links(platform: str, *, kind: Kind, native_id: str, title: str) -> Mapping[DeviceKind, DeepLink]:
    """
    Write the links of a title on a platform for every kind of device.

    Args:
        platform: Slug.
        kind: What the native id names.
        native_id: The platform's own id, as a source gave it; "" when no source did.
        title: Text to search for when there is no id.

    Returns:
        A link for each device, or nothing for a platform that has no templates.
    """
    if platform not in TEMPLATES:
        return {}
    return {
        device: resolve_link(platform, device, kind=kind, native_id=native_id, title=title) for device in DeviceKind
    }


def resolve_link(platform: str, device: DeviceKind, *, kind: Kind, native_id: str, title: str) -> DeepLink:
    """
    Write the link of a title on a platform for one device; arguments as for `resolve_links`.

    Raises:
        KeyError: The platform has no templates.
    """
    templates = TEMPLATES[platform]
    page = _title_page(templates, kind)
    # An id of dots alone would climb the path instead of naming a title, encoded or not (WHATWG URL, dot segments).
    if not page or not native_id.strip("."):
        web = _fill(templates.search, native_id="", title=title)
        return _link(LinkKind.SEARCH, device, web=web, app_page=web, app=_without_title(templates.apps.get(device)))
    web = _fill(page, native_id=native_id, title=title)
    app_page = _fill(templates.app_title or page, native_id=native_id, title=title)
    app = templates.apps.get(device)
    if app is not None and app.title:
        app = App(title=_fill(app.title, native_id=native_id, title=title))
    launch_path = None
    if device is DeviceKind.ROKU and templates.roku_channel:
        launch_path = (
            f"/launch/{templates.roku_channel}?contentId={_encode(native_id)}&mediaType={_ROKU_MEDIA_TYPES[kind]}"
        )
    return _link(LinkKind.TITLE, device, web=web, app_page=app_page, app=app, launch_path=launch_path)


def _link(
    kind: LinkKind, device: DeviceKind, *, web: str, app_page: str, app: App | None, launch_path: str | None = None
) -> DeepLink:
    """Choose what a device is told, once every address is written out."""
    app_link = None
    if device in _HAS_APPS:
        app_link = app_page
        if app is not None and app.title:
            app_link = app.title
        elif app is not None and app.package:
            app_link = _intent(app, app_page, fallback=web)
    return DeepLink(
        kind=kind,
        app_link=app_link,
        universal_link=app_page if device in _UNIVERSAL else None,
        web_fallback=web,
        launch_path=launch_path,
    )


def _title_page(templates: PlatformTemplates, kind: Kind) -> str:
    """Pick the page for a kind of title."""
    if kind in (Kind.SERIES, Kind.SEASON):
        return templates.series or templates.title
    if kind is Kind.EPISODE:
        return templates.episode or templates.title
    return templates.title


def _without_title(app: App | None) -> App | None:
    """Drop an app's title address: a search has no id to put there."""
    return None if app is None or app.title else app


def _intent(app: App, page: str, *, fallback: str) -> str:
    """Write an Android intent for exactly one app (developer.chrome.com, "Android Intents with Chrome")."""
    fields = (
        f"scheme={app.scheme}",
        f"package={app.package}",
        *app.extras,
        f"S.browser_fallback_url={_encode(fallback)}",
    )
    return f"intent://{page.removeprefix('https://')}#Intent;{';'.join(fields)};end"


def _fill(template: str, *, native_id: str, title: str) -> str:
    """Put encoded values into a template."""
    amazon = "gti" if native_id.startswith("amzn1.dv.gti.") else "asin"
    return template.format(id=_encode(native_id), slug=_slug(title), query=_encode(title), amazon=amazon)


def _encode(text: str) -> str:
    """Percent-encode everything that has a meaning in a URL."""
    return quote(text, safe="")


def _slug(title: str) -> str:
    """Write a title as lower-case words with hyphens; "-" when nothing of it is ASCII."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "-"
