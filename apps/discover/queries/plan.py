"""The cheapest services for a watchlist, month by month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.content import api as content
from apps.content.contracts import Money, OfferType, OfferWindow
from apps.discover.contracts import MissingReason, MonthPlan, NotCovered, PlanAnswer, PlannedService
from apps.discover.domain.plan import Cover, ServiceMonth, find_cover
from apps.sync import api as sync
from mediagateway.ownership import Viewer

#: Services bill from the day on which one subscribes, so months of a plan begin today and have a fixed length.
MONTH = timedelta(days=30)
_FREE = frozenset({OfferType.FREE, OfferType.ADS})


@dataclass(frozen=True, slots=True)
class Prices:
    """What services cost a month, in minor units of one currency, by slug."""

    by_platform: Mapping[str, int]
    currency: str


def find_plan(viewer: Viewer, *, months: int, prices: Prices | None, now: datetime) -> PlanAnswer:
    """
    Plan which services to have in which months so that every title of the watchlist can be watched before it leaves.

    Without prices the number of service-months is what is least. The SQL of `sync.list_watchlist` and one statement.

    Args:
        viewer: Whose watchlist, and in which region.
        months: How far the plan looks.
        prices: None is not known. With prices, a service without one is left out.
        now: Start of the first month; aware.
    """
    wanted = [item.content_id for item in sync.list_watchlist(viewer)]
    until = now + months * MONTH
    windows: dict[UUID, list[OfferWindow]] = defaultdict(list)
    for window in content.list_offer_windows(wanted, region=viewer.policy.region, now=now, until=until):
        windows[window.content_id].append(window)
    free = tuple(each for each in wanted if any(_is_free_now(window, now) for window in windows[each]))
    coverage, not_covered = _coverage([each for each in wanted if each not in free], windows, months, prices, now=now)
    platforms = {service for covering in coverage.values() for service, _ in covering}
    cover = find_cover(coverage, prices.by_platform if prices else dict.fromkeys(platforms, 1))
    names = {window.platform: window.platform_name for found in windows.values() for window in found}
    services = {service for service, _ in cover.chosen}
    baseline = sum(prices.by_platform[service] for service in services) * months if prices else 0
    return PlanAnswer(
        region=viewer.policy.region,
        months=_months(cover, coverage, names, months, prices, now=now),
        service_months=len(cover.chosen),
        total=_money(cover.cost, prices),
        baseline=_money(baseline, prices),
        saving=_money(baseline - cover.cost, prices),
        is_exact=cover.is_exact,
        gap_ratio=round(cover.gap_ratio, 4),
        free=free,
        not_covered=not_covered,
    )


def _coverage(
    wanted: Sequence[UUID],
    windows: Mapping[UUID, Sequence[OfferWindow]],
    months: int,
    prices: Prices | None,
    *,
    now: datetime,
) -> tuple[dict[UUID, frozenset[ServiceMonth]], tuple[NotCovered, ...]]:
    """Say for each title by which service in which month it can be watched, and which titles by none."""
    coverage: dict[UUID, frozenset[ServiceMonth]] = {}
    missing = []
    for content_id in wanted:
        offered = [window for window in windows[content_id] if window.type is OfferType.SUBSCRIPTION]
        priced = [window for window in offered if prices is None or window.platform in prices.by_platform]
        if priced:
            coverage[content_id] = frozenset(
                (window.platform, month) for window in priced for month in _months_of(window, months, now)
            )
        else:
            reason = MissingReason.PRICE_UNKNOWN if offered else MissingReason.NO_SUBSCRIPTION_OFFER
            missing.append(NotCovered(content_id, reason))
    return coverage, tuple(missing)


def _months_of(window: OfferWindow, months: int, now: datetime) -> list[int]:
    """Name the months of the plan in which an offer holds for a while."""
    return [
        month
        for month in range(months)
        if window.window_start < now + (month + 1) * MONTH
        and (window.window_end is None or window.window_end > now + month * MONTH)
    ]


def _is_free_now(window: OfferWindow, now: datetime) -> bool:
    return window.type in _FREE and window.window_start <= now


def _months(
    cover: Cover,
    coverage: Mapping[UUID, frozenset[ServiceMonth]],
    names: Mapping[str, str],
    months: int,
    prices: Prices | None,
    *,
    now: datetime,
) -> tuple[MonthPlan, ...]:
    """Write the plan month by month; a title stands in the first month in which it can be watched."""
    first = {
        content_id: min(month for service, month in cover.chosen if (service, month) in covering)
        for content_id, covering in coverage.items()
    }
    plans = []
    for month in range(months):
        services = [service for service, at in cover.chosen if at == month]
        costs = [prices.by_platform[service] for service in services] if prices else []
        plans.append(
            MonthPlan(
                starts_on=(now + month * MONTH).date(),
                ends_on=(now + (month + 1) * MONTH - timedelta(days=1)).date(),
                services=tuple(
                    PlannedService(
                        service, names[service], _money(prices.by_platform[service], prices) if prices else None
                    )
                    for service in services
                ),
                content_ids=tuple(content_id for content_id, at in first.items() if at == month),
                cost=_money(sum(costs), prices),
            )
        )
    return tuple(plans)


def _price(service: str, prices: Prices | None) -> Money | None:
    return Money(prices.by_platform[service], prices.currency) if prices else None


def _money(amount: int, prices: Prices | None) -> Money | None:
    return Money(amount, prices.currency) if prices else None
