"""What people search for, and what comes of it."""

from datetime import datetime, timedelta
from math import ceil

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from apps.search.contracts import RankingClicks, SearchReport, SearchTotals, TopQuery, UnansweredQuery
from apps.search.models import LoggedClick, LoggedQuery, QueryTally

_CLICKED = Q(Exists(LoggedClick.objects.filter(query_id=OuterRef("pk"))))


def report_searches(*, period: timedelta, limit: int, now: datetime) -> SearchReport:
    """
    Report on the searches of the time before now.

    A continuation of a search counts as none of its own. Click-through is the share of searches with at least one
    click, so it never exceeds 1. Eight SQL statements whatever there is.

    Args:
        period: How far back.
        limit: Entries of each list.
        now: The end of it.
    """
    since = now - period
    asked = LoggedQuery.objects.filter(asked_at__gte=since, asked_at__lte=now, page_offset=0)
    return SearchReport(
        since=since,
        until=now,
        totals=_totals(asked, since, now),
        top_queries=_top(asked, limit),
        zero_result_queries=_unanswered(asked, limit),
        rankings=_rankings(asked),
    )


def _totals(asked: QuerySet[LoggedQuery], since: datetime, now: datetime) -> SearchTotals:
    """Count everything; five SQL statements."""
    counted = asked.aggregate(
        searches=Count("pk"),
        searchers=Count("searcher", distinct=True, filter=~Q(searcher="")),
        zero_results=Count("pk", filter=Q(total=0)),
        clicked=Count("pk", filter=_CLICKED),
        mean_ms=Avg("took_ms"),
    )
    position = LoggedClick.objects.filter(query_id__in=asked.values("pk")).aggregate(mean=Avg("position"))["mean"]
    tally = QueryTally.objects.filter(day__gte=since.date(), day__lte=now.date()).aggregate(
        searches=Sum("searches", default=0),
        zero_results=Sum("zero_results", default=0),
        clicks=Sum("clicks", default=0),
    )
    searches = counted["searches"]
    return SearchTotals(
        searches=searches,
        searchers_by_day=counted["searchers"],
        zero_results=counted["zero_results"],
        zero_result_ratio=_ratio(counted["zero_results"], searches),
        clicked=counted["clicked"],
        click_through_ratio=_ratio(counted["clicked"], searches),
        mean_click_position=position,
        mean_ms=counted["mean_ms"],
        p50_ms=_percentile(asked, searches, 0.50),
        p95_ms=_percentile(asked, searches, 0.95),
        unlogged_searches=tally["searches"],
        unlogged_zero_results=tally["zero_results"],
        unlogged_clicks=tally["clicks"],
    )


def _top(asked: QuerySet[LoggedQuery], limit: int) -> tuple[TopQuery, ...]:
    """List what was asked most; one SQL statement."""
    rows = (
        asked.exclude(text="")
        .values("text")
        .annotate(searches=Count("pk"), zeros=Count("pk", filter=Q(total=0)), clicked=Count("pk", filter=_CLICKED))
        .order_by("-searches", "text")[:limit]
    )
    return tuple(
        TopQuery(row["text"], row["searches"], row["zeros"], row["clicked"], _ratio(row["clicked"], row["searches"]))
        for row in rows
    )


def _unanswered(asked: QuerySet[LoggedQuery], limit: int) -> tuple[UnansweredQuery, ...]:
    """List what was asked most and had no result; one SQL statement."""
    rows = (
        asked.filter(total=0)
        .exclude(text="")
        .values("text")
        .annotate(searches=Count("pk"), last_asked_at=Max("asked_at"))
        .order_by("-searches", "text")[:limit]
    )
    return tuple(UnansweredQuery(row["text"], row["searches"], row["last_asked_at"]) for row in rows)


def _rankings(asked: QuerySet[LoggedQuery]) -> tuple[RankingClicks, ...]:
    """Compare what ordered the results; one SQL statement."""
    rows = (
        asked.values("ranking_version", "variant")
        .annotate(searches=Count("pk"), clicked=Count("pk", filter=_CLICKED))
        .order_by("ranking_version", "variant")
    )
    return tuple(RankingClicks(**row, click_through_ratio=_ratio(row["clicked"], row["searches"])) for row in rows)


def _percentile(asked: QuerySet[LoggedQuery], count: int, share: float) -> float | None:
    """Read the nearest-rank percentile of the times; one SQL statement, none without searches."""
    if not count:
        return None
    return asked.order_by("took_ms").values_list("took_ms", flat=True)[ceil(share * count) - 1]


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
