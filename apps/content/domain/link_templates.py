"""
Where each platform keeps its titles and its search: the table that `domain.links` reads.

Placeholders: `{id}` is the platform's own id of the title, `{slug}` a readable part that the platform ignores,
`{query}` the text to search for, `{amazon}` the name of an Amazon id's parameter. Each is percent-encoded.
Where public sources disagree, the templates are what devices do today (2026):

- An https address that the platform's app claims beats a private scheme: it survives renames of the app and opens the
  website where the app is missing. A scheme stands here only where the https address is known to be ignored (Netflix on
  Android TV) or where the scheme is the platform's documented one (Netflix and YouTube on Apple devices).
- Max is called HBO Max again since July 2025: `play.hbomax.com` is current, `play.max.com` redirects, `hbomax://` died
  with the old app.
- Disney+ has one page per title, `browse/entity-<uuid>`; `disneyplus://content/` and `/movies/<slug>/` are gone. Its
  search needs a signed-in browser and ignores the query, but no other address reaches it.
- Amazon closed Freevee's app in 2025 and left its catalogue in Prime Video, where its links now lead.
- Roku takes launch parameters by its control port instead of links (External Control Protocol). Only channels whose
  number and ids have been seen to work are named. HBO Max is not: it refuses the ids of its own title pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class DeviceKind(StrEnum):
    """Where a link is going to be opened."""

    IOS = "ios"
    TVOS = "tvos"
    ANDROID = "android"
    ANDROID_TV = "android_tv"
    FIRE_TV = "fire_tv"
    ROKU = "roku"
    TIZEN = "tizen"
    WEBOS = "webos"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class App:
    """
    How one device opens a platform's app when the plain https address is not the best way.

    Attributes:
        package: Android application id: the link becomes an intent for exactly this app, with the web as its fallback.
        scheme: Scheme of that intent; not every app claims its https address on every device.
        extras: Further fields of the intent, as `Intent.toUri` writes them.
        title: An address of a private scheme that leads to a title.
    """

    package: str = ""
    scheme: str = "https"
    extras: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class PlatformTemplates:
    """
    Addresses of one platform.

    Attributes:
        search: Its search page.
        title: Page of a film, short or special; empty when no address is certain, so that links lead to the search.
        series: Page of a series or season, when it differs.
        episode: Page of an episode, when it differs.
        app_title: Address that opens the app rather than the website, when the two differ.
        apps: What single devices need instead of the https address.
        roku_channel: Number of its Roku channel, when its launch parameters are certain.
    """

    search: str
    title: str = ""
    series: str = ""
    episode: str = ""
    app_title: str = ""
    apps: Mapping[DeviceKind, App] = field(default_factory=dict)
    roku_channel: str = ""


def _android(phone: str = "", tv: str = "", fire: str = "") -> dict[DeviceKind, App]:
    """Name a platform's Android apps; an empty name leaves that device to the https address."""
    named = {DeviceKind.ANDROID: phone, DeviceKind.ANDROID_TV: tv, DeviceKind.FIRE_TV: fire}
    return {device: App(package=package) for device, package in named.items() if package}


# Netflix for television claims only its own scheme, and shows its home page unless it is told who calls.
_NETFLIX_TV = App(package="com.netflix.ninja", scheme="nflx", extras=("S.source=30",))
_NETFLIX_APPLE = App(title="nflx://www.netflix.com/title/{id}")
_YOUTUBE_APPLE = App(title="youtube://watch?v={id}")

_PRIME_VIDEO = PlatformTemplates(
    title="https://www.amazon.com/gp/video/detail/{id}",
    app_title="https://app.primevideo.com/detail?{amazon}={id}",
    search="https://www.primevideo.com/search?phrase={query}",
    apps=_android("com.amazon.avod.thirdpartyclient", "com.amazon.amazonvideo.livingroom"),
    roku_channel="13",
)

TEMPLATES: Final[Mapping[str, PlatformTemplates]] = MappingProxyType(
    {
        "netflix": PlatformTemplates(
            title="https://www.netflix.com/title/{id}",
            search="https://www.netflix.com/search?q={query}",
            apps={
                DeviceKind.IOS: _NETFLIX_APPLE,
                DeviceKind.TVOS: _NETFLIX_APPLE,
                DeviceKind.ANDROID: App(package="com.netflix.mediaclient"),
                DeviceKind.ANDROID_TV: _NETFLIX_TV,
                DeviceKind.FIRE_TV: _NETFLIX_TV,
            },
            roku_channel="12",
        ),
        "prime_video": _PRIME_VIDEO,
        "freevee": _PRIME_VIDEO,
        "disney_plus": PlatformTemplates(
            title="https://www.disneyplus.com/browse/entity-{id}",
            search="https://www.disneyplus.com/browse/search?q={query}",
            apps=_android("com.disney.disneyplus", "com.disney.disneyplus", "com.disney.disneyplus"),
            roku_channel="291097",
        ),
        "hulu": PlatformTemplates(
            title="https://www.hulu.com/watch/{id}",
            series="https://www.hulu.com/series/{id}",
            search="https://www.hulu.com/search?q={query}",
            apps=_android("com.hulu.plus", "com.hulu.livingroomplus", "com.hulu.plus"),
        ),
        "max": PlatformTemplates(
            title="https://play.hbomax.com/movie/{id}",
            series="https://play.hbomax.com/show/{id}",
            episode="https://play.hbomax.com/video/watch/{id}",
            search="https://play.hbomax.com/search/result?q={query}",
            apps=_android("com.wbd.stream", "com.wbd.stream"),
        ),
        "apple_tv_plus": PlatformTemplates(
            # Without a country the site leads everybody to their own storefront.
            title="https://tv.apple.com/movie/{id}",
            series="https://tv.apple.com/show/{id}",
            episode="https://tv.apple.com/episode/{id}",
            search="https://tv.apple.com/search?term={query}",
        ),
        "paramount_plus": PlatformTemplates(
            title="https://www.paramountplus.com/movies/video/{id}/",
            series="https://www.paramountplus.com/shows/{id}/",
            episode="https://www.paramountplus.com/shows/video/{id}/",
            search="https://www.paramountplus.com/search/?q={query}",
            apps=_android("com.cbs.app", "com.cbs.ott", "com.cbs.ott"),
        ),
        "peacock": PlatformTemplates(
            title="https://www.peacocktv.com/watch/asset/movies/{slug}/{id}",
            series="https://www.peacocktv.com/watch/asset/tv/{slug}/{id}",
            search="https://www.peacocktv.com/watch/search?q={query}",
            apps=_android("com.peacocktv.peacockandroid", "com.peacocktv.peacockandroid", "com.peacock.peacockfiretv"),
        ),
        "youtube": PlatformTemplates(
            title="https://www.youtube.com/watch?v={id}",
            search="https://www.youtube.com/results?search_query={query}",
            apps={
                DeviceKind.IOS: _YOUTUBE_APPLE,
                DeviceKind.TVOS: _YOUTUBE_APPLE,
                **_android("com.google.android.youtube", "com.google.android.youtube.tv", "com.amazon.firetv.youtube"),
            },
            roku_channel="837",
        ),
        "crunchyroll": PlatformTemplates(
            title="https://www.crunchyroll.com/watch/{id}",
            series="https://www.crunchyroll.com/series/{id}",
            search="https://www.crunchyroll.com/search?q={query}",
            apps=_android("com.crunchyroll.crunchyroid", "com.crunchyroll.crunchyroid", "com.crunchyroll.crunchyroid"),
        ),
        "crave": PlatformTemplates(
            title="https://www.crave.ca/en/movie/{id}",
            series="https://www.crave.ca/en/series/{id}",
            search="https://www.crave.ca/en/search?q={query}",
        ),
        "bbc_iplayer": PlatformTemplates(
            title="https://www.bbc.co.uk/iplayer/episode/{id}",
            series="https://www.bbc.co.uk/iplayer/episodes/{id}",
            search="https://www.bbc.co.uk/iplayer/search?q={query}",
        ),
        "tubi": PlatformTemplates(
            title="https://tubitv.com/movies/{id}",
            series="https://tubitv.com/series/{id}",
            episode="https://tubitv.com/tv-shows/{id}",
            search="https://tubitv.com/search/{query}",
            apps={
                # The https address lands in the browser of a television; this scheme is in the app's own manifest.
                DeviceKind.ANDROID_TV: App(title="tubitv://media-details/{id}"),
                DeviceKind.FIRE_TV: App(title="tubitv://media-details/{id}"),
            },
        ),
        "pluto_tv": PlatformTemplates(
            title="https://pluto.tv/on-demand/movies/{id}",
            series="https://pluto.tv/on-demand/series/{id}",
            search="https://pluto.tv/search?query={query}",
        ),
        "crackle": PlatformTemplates(
            title="https://www.crackle.com/watch/{id}",
            search="https://www.crackle.com/search?q={query}",
        ),
        "twitch": PlatformTemplates(
            title="https://www.twitch.tv/videos/{id}",
            search="https://www.twitch.tv/search?term={query}",
        ),
        "mubi": PlatformTemplates(
            title="https://mubi.com/films/{id}",
            series="https://mubi.com/series/{id}",
            search="https://mubi.com/search/films?query={query}",
        ),
        "criterion_channel": PlatformTemplates(
            title="https://www.criterionchannel.com/{id}",
            search="https://www.criterionchannel.com/search?q={query}",
        ),
        "internet_archive": PlatformTemplates(
            title="https://archive.org/details/{id}",
            search="https://archive.org/search?query={query}",
        ),
        # No source gives ids of the following, so only their search pages are known.
        "shudder": PlatformTemplates(search="https://www.shudder.com/search?q={query}"),
        "amc_plus": PlatformTemplates(search="https://www.amcplus.com/search?q={query}"),
        "britbox": PlatformTemplates(search="https://www.britbox.com/us/search?q={query}"),
        "acorn_tv": PlatformTemplates(search="https://acorn.tv/search?q={query}"),
        "starz": PlatformTemplates(search="https://www.starz.com/us/en/search?q={query}"),
        "kanopy": PlatformTemplates(search="https://www.kanopy.com/en/search?query={query}"),
        "hoopla": PlatformTemplates(search="https://www.hoopladigital.com/search?q={query}"),
        "plex": PlatformTemplates(search="https://watch.plex.tv/search?q={query}"),
        "roku_channel": PlatformTemplates(search="https://therokuchannel.roku.com/search/{query}"),
        "viki": PlatformTemplates(search="https://www.viki.com/search?q={query}"),
        "curiosity_stream": PlatformTemplates(search="https://curiositystream.com/search?q={query}"),
        "itvx": PlatformTemplates(search="https://www.itv.com/watch/search?q={query}"),
        "channel_4": PlatformTemplates(search="https://www.channel4.com/search?q={query}"),
        "now_tv": PlatformTemplates(search="https://www.nowtv.com/gb/search?q={query}"),
        "arte": PlatformTemplates(search="https://www.arte.tv/en/search/?q={query}"),
        "ard_mediathek": PlatformTemplates(search="https://www.ardmediathek.de/suche/{query}"),
        "zdf": PlatformTemplates(search="https://www.zdf.de/suche?q={query}"),
        "france_tv": PlatformTemplates(search="https://www.france.tv/recherche/?q={query}"),
        "stan": PlatformTemplates(search="https://play.stan.com.au/search?q={query}"),
        "abc_iview": PlatformTemplates(search="https://iview.abc.net.au/search?q={query}"),
        "sbs_on_demand": PlatformTemplates(search="https://www.sbs.com.au/ondemand/search/{query}"),
        "cbc_gem": PlatformTemplates(search="https://gem.cbc.ca/search?q={query}"),
        "u_next": PlatformTemplates(search="https://video.unext.jp/freeword?query={query}"),
    }
)
