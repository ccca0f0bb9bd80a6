"""What is watched now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from apps.content import api as content
from apps.content.contracts import Kind, Sort, TitleFilter, TitleId
from apps.discover.contracts import Basis, TrendingRecord
from apps.discover.domain.trends import log_threshold, score_at
from apps.discover.models import Trend
from mediagateway.http.pagination import Page
from mediagateway.policy import Policy

Key = tuple[Any, ...]

#: Titles that a region's trends go down to.
_DEPTH = 200


def list_trending(
    policy: Policy, *, kinds: Collection[Kind], now: datetime, after: Key | None, limit: int
) -> tuple[Basis, Page[TrendingRecord]]:
    """
    List what is watched most in the viewer's region, or what is popular while nothing is.

    One SQL statement and those of `content.get_summaries`; those of `content.list_titles` where nothing was watched.

    Args:
        policy: Whose view it is.
        kinds: Any of these; empty is all.
        now: Decides what has faded away, and which offers are open.
        after: `Page.next_key` of the page before.
        limit: Most titles.
    """
    if after is None or after[0] == Basis.ACTIVITY:
        page = _list_watched(policy, kinds=kinds, now=now, after=after[1:] if after else None, limit=limit)
        if page.items or after is not None:
            return Basis.ACTIVITY, page
    popular = content.list_titles(
        TitleFilter(kinds=tuple(kinds)),
        policy,
        sort=Sort.POPULAR,
        now=now,
        after=after[1:] if after else None,
        limit=limit,
    )
    next_key = (Basis.POPULARITY.value, *popular.next_key) if popular.next_key else None
    return Basis.POPULARITY, Page(tuple(TrendingRecord(title, 0.0) for title in popular.items), next_key)


def list_trending_ids(policy: Policy, *, now: datetime, limit: int) -> tuple[TitleId, ...]:
    """List the ids of what is watched most in a region, whoever may see it; one SQL statement."""
    rows = Trend.objects.filter(region=policy.region, log_score__gte=log_threshold(now))
    return tuple(TitleId(content_id) for content_id in rows.values_list("content_id", flat=True)[:limit])


def _list_watched(
    policy: Policy, *, kinds: Collection[Kind], now: datetime, after: Key | None, limit: int
) -> Page[TrendingRecord]:
    rows = Trend.objects.filter(region=policy.region, log_score__gte=log_threshold(now))
    scores = dict(rows.values_list("content_id", "log_score")[:_DEPTH])
    titles = content.get_summaries(list(scores), policy=policy, now=now)
    ranked: dict[TitleId, tuple[float, TrendingRecord]] = {}
    for content_id, log_score in scores.items():
        title = titles.get(TitleId(content_id))
        # The higher of the scores of a title and of what was merged into it comes first and speaks for it.
        if title is not None and (not kinds or title.kind in kinds):
            ranked.setdefault(title.id, (log_score, TrendingRecord(title, round(score_at(log_score, now), 3))))
    keyed = [((-log_score, str(title_id)), record) for title_id, (log_score, record) in ranked.items()]
    rest = [each for each in keyed if after is None or each[0] > after]
    page = rest[:limit]
    next_key = (Basis.ACTIVITY.value, *page[-1][0]) if len(rest) > limit else None
    return Page(tuple(record for _, record in page), next_key)
