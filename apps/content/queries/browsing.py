"""Lists of titles: by filter and order, and the newest of the catalogue."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.content.contracts import Exclusions, Playable, Sort, TitleFilter, TitleId, TitleSummary
from apps.content.domain.vocabulary import LISTED_KINDS, OfferType
from apps.content.models import LIST_KEYS, Credit, Offer, Title, TitleGenre
from apps.content.queries.offers import open_now
from apps.content.queries.paging import Key, Order, fetch_page, time_order
from apps.content.queries.summaries import genres_of, listed, summarise
from apps.content.queries.visibility import visible
from mediagateway.http.pagination import Page
from mediagateway.policy import Policy


def list_titles(
    wanted: TitleFilter, policy: Policy, *, sort: Sort, now: datetime, after: Key | None, limit: int
) -> Page[TitleSummary]:
    """
    List the titles that a filter keeps and the policy allows; four SQL statements.

    Args:
        wanted: The filter.
        policy: Whose view it is.
        sort: Order; ties by id.
        now: Decides which offers are open.
        after: Key of the page before.
        limit: Most titles.
    """
    return _page(wanted, policy, Order(LIST_KEYS[sort]), now=now, after=after, limit=limit)


def list_new_titles(
    wanted: TitleFilter, policy: Policy, *, now: datetime, after: Key | None, limit: int
) -> Page[TitleSummary]:
    """List titles in the order in which they came into the catalogue, latest first; as `list_titles`."""
    return _page(wanted, policy, time_order(LIST_KEYS["created"]), now=now, after=after, limit=limit)


def list_title_ids(
    wanted: TitleFilter, policy: Policy, *, sort: Sort, now: datetime, limit: int
) -> tuple[TitleId, ...]:
    """List the ids of the first titles that a filter keeps and the policy allows; one SQL statement."""
    key = LIST_KEYS[sort]
    rows = _kept(wanted, policy, now).annotate(sort_key=key.expression)
    ordered = rows.order_by("-sort_key" if key.descending else "sort_key", "pk")
    return tuple(TitleId(title_id) for title_id in ordered.values_list("pk", flat=True)[:limit])


def list_new_title_ids(wanted: TitleFilter, policy: Policy, *, now: datetime, limit: int) -> tuple[TitleId, ...]:
    """List the ids of the titles that came into the catalogue last; one SQL statement."""
    rows = _kept(wanted, policy, now).order_by("-created_at", "pk")
    return tuple(TitleId(title_id) for title_id in rows.values_list("pk", flat=True)[:limit])


def list_playable(
    wanted: TitleFilter,
    policy: Policy,
    *,
    services: Collection[str] | None,
    minutes: int,
    genres: Collection[str],
    now: datetime,
    limit: int,
) -> tuple[Playable, ...]:
    """
    List titles that can be played now without paying more, and in the time that there is, most popular first.

    That is: by a subscription to one of the services, free, or with ads. Two SQL statements. When anything at all fits
    and no genres are asked for, something is listed.

    Args:
        wanted: The filter.
        policy: Whose view it is; its region decides offers.
        services: Slugs; None is "not known", and any subscription counts.
        minutes: Longest runtime; titles whose runtime nobody knows fall out. A series counts by its episodes.
        genres: Only titles of one of these; empty is all.
        now: Decides which offers are open.
        limit: Most titles.
    """
    playable = Q(type__in=(OfferType.FREE, OfferType.ADS))
    subscribed = Q(type=OfferType.SUBSCRIPTION)
    playable |= subscribed if services is None else subscribed & Q(platform_id__in=services)
    offers = Offer.objects.filter(open_now(policy.region, now), playable, title_id=OuterRef("pk"))
    titles = _kept(wanted, policy, now).filter(Exists(offers), runtime_minutes__lte=minutes)
    if genres:
        titles = titles.filter(Exists(TitleGenre.objects.filter(title_id=OuterRef("pk"), genre_id__in=genres)))
    rows = list(
        titles.order_by("-popularity", "pk").values_list("pk", "runtime_minutes", "moods", "popularity", "rating")[
            :limit
        ]
    )
    by_title = genres_of({row[0] for row in rows})
    return tuple(
        Playable(TitleId(title_id), runtime or 0, tuple(by_title.get(title_id, ())), tuple(moods), popularity, rating)
        for title_id, runtime, moods, popularity, rating in rows
    )


def _page(
    wanted: TitleFilter, policy: Policy, order: Order, *, now: datetime, after: Key | None, limit: int
) -> Page[TitleSummary]:
    page = fetch_page(listed(_kept(wanted, policy, now)), order, after=after, limit=limit)
    return Page(summarise(page.items, policy, now=now), page.next_key)


def _kept(wanted: TitleFilter, policy: Policy, now: datetime) -> QuerySet[Title]:
    """Find the titles that a filter keeps and the policy allows, in no order."""
    # Parts of series have a number; asked like this, the list walks the index of its order (`models.LIST_KEYS`).
    titles = Title.objects.filter(visible(policy), number__isnull=True)
    if wanted.kinds:
        # By exclusion, for the same reason: an index by kind would be walked first and all its titles sorted.
        titles = titles.exclude(kind__in=[kind for kind in LISTED_KINDS if kind not in wanted.kinds])
    if wanted.genres:
        titles = titles.filter(Exists(TitleGenre.objects.filter(title_id=OuterRef("pk"), genre_id__in=wanted.genres)))
    if wanted.platforms or wanted.offer_types:
        offers = Offer.objects.filter(open_now(policy.region, now))
        if wanted.platforms:
            offers = offers.filter(platform_id__in=wanted.platforms)
        if wanted.offer_types:
            offers = offers.filter(type__in=wanted.offer_types)
        titles = titles.filter(Exists(offers.filter(title_id=OuterRef("pk"))))
    if wanted.excluded is not None:
        titles = titles.filter(_not_excluded(wanted.excluded))
    if wanted.year_from is not None:
        titles = titles.filter(release_year__gte=wanted.year_from)
    if wanted.year_to is not None:
        titles = titles.filter(release_year__lte=wanted.year_to)
    return titles


def _not_excluded(excluded: Exclusions) -> Q:
    condition = ~Q(pk__in=excluded.title_ids) if excluded.title_ids else Q()
    if excluded.genres:
        condition &= ~Q(Exists(TitleGenre.objects.filter(title_id=OuterRef("pk"), genre_id__in=excluded.genres)))
    if excluded.person_ids:
        condition &= ~Q(Exists(Credit.objects.filter(title_id=OuterRef("pk"), person_id__in=excluded.person_ids)))
    return condition
