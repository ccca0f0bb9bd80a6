"""Which offer to open, and by which address."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import DeviceKind, OfferType, WatchOption
from apps.playback.contracts import DeepLinkAnswer, OfferLink
from apps.playback.errors import OfferNotFoundError
from apps.playback.queries.progress import get_progress
from apps.playback.queries.titles import check_window, get_title
from apps.sync.contracts import DeviceKind as SyncDeviceKind
from apps.sync.contracts import DevicePlatform, DeviceRecord
from mediagateway.ownership import Viewer

_KINDS = {
    DevicePlatform.TIZEN: DeviceKind.TIZEN,
    DevicePlatform.WEBOS: DeviceKind.WEBOS,
    DevicePlatform.ANDROID: DeviceKind.ANDROID,
    DevicePlatform.IOS: DeviceKind.IOS,
    DevicePlatform.TVOS: DeviceKind.TVOS,
    DevicePlatform.FIRE_OS: DeviceKind.FIRE_TV,
    DevicePlatform.ROKU: DeviceKind.ROKU,
}
#: How many offers an answer names beside the best one.
_ALTERNATIVES = 4


def get_deep_link(
    viewer: Viewer, content_id: UUID, *, device: DeviceKind, platform: str | None, now: datetime
) -> DeepLinkAnswer:
    """
    Say how to watch a title on a device.

    What the household pays for comes first, then what is free, has ads, is for rent, for sale, and last what needs a
    new subscription. SQL: those of `content.get_summaries`, two for the offers, one for the progress.

    Args:
        viewer: Who wants to watch, and in which region.
        content_id: The title; an episode is also found with its series.
        device: Where the links will be opened.
        platform: Only this one, by slug; None is any.
        now: Decides which offers are open.

    Raises:
        ViewingWindowClosedError: Not at this hour.
        TitleNotFoundError: No such title, or one that the viewer may not see.
        OfferNotFoundError: It cannot be watched here, or not on this platform.
    """
    check_window(viewer.policy, now=now)
    title = get_title(content_id, policy=viewer.policy, now=now)
    options = content.get_watch_options([title.id], policy=viewer.policy, now=now).get(title.id, ())
    links = [
        link_to(option, device, services=viewer.policy.services)
        for option in _one_a_way(options)
        if platform is None or option.platform == platform
    ]
    if not links:
        where = f"on {platform!r} in {viewer.policy.region}" if platform else f"in {viewer.policy.region}"
        raise OfferNotFoundError(f"Nobody is known to offer this title {where}.")
    return DeepLinkAnswer(
        content_id=title.id,
        device=device,
        resume_position_s=get_progress(viewer, title.id).resume_position_s,
        best=links[0],
        alternatives=tuple(links[1 : 1 + _ALTERNATIVES]),
    )


def link_to(option: WatchOption, device: DeviceKind, *, services: Collection[str]) -> OfferLink:
    """
    Write the addresses that open an offer on a device; no SQL.

    Raises:
        KeyError: The catalogue has no addresses of the platform.
    """
    link = content.resolve_link(
        option.platform, device, kind=option.kind, native_id=option.native_id, title=option.title
    )
    return OfferLink(
        offer_id=option.id,
        platform=option.platform,
        platform_name=option.platform_name,
        type=option.type,
        quality=option.quality,
        price=option.price,
        is_subscribed=option.type is OfferType.SUBSCRIPTION and option.platform in services,
        valid_until=option.valid_until,
        link_kind=link.kind,
        app_link=link.app_link,
        universal_link=link.universal_link,
        web_fallback=link.web_fallback,
        launch_path=link.launch_path,
    )


def device_kind_of(device: DeviceRecord) -> DeviceKind:
    """Say which links a registered device opens; computers open those of the web."""
    if device.platform is DevicePlatform.ANDROID and device.kind is SyncDeviceKind.TV:
        return DeviceKind.ANDROID_TV
    return _KINDS.get(device.platform, DeviceKind.WEB)


def _one_a_way(options: Collection[WatchOption]) -> list[WatchOption]:
    """Keep the first of the offers of one platform and type: the others differ in quality alone, and by no address."""
    first: dict[tuple[str, OfferType], WatchOption] = {}
    for option in options:
        first.setdefault((option.platform, option.type), option)
    return list(first.values())
