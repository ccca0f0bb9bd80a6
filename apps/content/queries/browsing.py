"""Lists of titles: by filter and order, and the newest of the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef

from apps.content.contracts import TitleSummary
from apps.content.domain.vocabulary import LISTED_KINDS, Kind
from apps.content.models import LIST_KEYS, Offer, Title, TitleGenre
from apps.content.queries.offers import open_now
from apps.content.queries.paging import Key, Order, fetch_page, time_order
from apps.content.queries.summaries import listed, summarise
from apps.content.queries.visibility import visible
from mediagateway.http.pagination import Page
from mediagateway.policy import Policy


class Sort(StrEnum):
    """Orders of a list of titles; what has no year or rating comes last."""

    POPULAR = "popular"
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """
    What a list of titles keeps; an empty filter keeps everything.

    Attributes:
        kinds: Any of these kinds.
        genres: At least one of these genres, by slug.
        platforms: Watchable now, in the viewer's region, on at least one of these platforms, by slug.
        year_from: Released in this year or later; titles without a year fall out.
        year_to: Released in this year or earlier.
    """

    kinds: tuple[Kind, ...] = ()
    genres: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None


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


def _page(
    wanted: TitleFilter, policy: Policy, order: Order, *, now: datetime, after: Key | None, limit: int
) -> Page[TitleSummary]:
    # Parts of series have a number; asked like this, the list walks the index of its order (`models.LIST_KEYS`).
    titles = Title.objects.filter(visible(policy), number__isnull=True)
    if wanted.kinds:
        # By exclusion, for the same reason: an index by kind would be walked first and all its titles sorted.
        titles = titles.exclude(kind__in=[kind for kind in LISTED_KINDS if kind not in wanted.kinds])
    if wanted.genres:
        titles = titles.filter(Exists(TitleGenre.objects.filter(title_id=OuterRef("pk"), genre_id__in=wanted.genres)))
    if wanted.platforms:
        offers = Offer.objects.filter(open_now(policy.region, now), platform_id__in=wanted.platforms)
        titles = titles.filter(Exists(offers.filter(title_id=OuterRef("pk"))))
    if wanted.year_from is not None:
        titles = titles.filter(release_year__gte=wanted.year_from)
    if wanted.year_to is not None:
        titles = titles.filter(release_year__lte=wanted.year_to)
    page = fetch_page(listed(titles), order, after=after, limit=limit)
    return Page(summarise(page.items, policy, now=now), page.next_key)
