"""Titles as lists show them, from what this process has read of them before."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.content.contracts import BestOffer, TitleId, TitleSummary
from apps.content.domain.preference import preference_key
from apps.content.domain.vocabulary import Kind, OfferType, Quality
from apps.content.models import Certificate, Offer, Title
from apps.content.queries.indexing import get_versions
from apps.content.queries.offers import price_of
from apps.content.queries.summaries import genres_of, listed
from mediagateway.policy import Policy, effective_min_age
from mediagateway.prepared import prepared

#: Titles that a process keeps: some 4 kB each.
_KEPT = 8192


@dataclass(frozen=True, slots=True)
class _Offer:
    """An offer that the catalogue believes in, whatever its window."""

    shown: BestOffer
    region: str
    quality: Quality
    price_minor: int | None
    window_start: datetime
    window_end: datetime | None


@dataclass(frozen=True, slots=True)
class _Card:
    """All that any policy may have said of one version of a title."""

    version: int
    plain: TitleSummary
    min_ages: Mapping[str, int | None]
    certificates: Mapping[str, str]
    offers: tuple[_Offer, ...]

    def under(self, policy: Policy, now: datetime) -> TitleSummary:
        """Say of the title what this policy has shown."""
        return replace(
            self.plain,
            certificate=self.certificates.get(policy.region),
            min_age=effective_min_age(self.min_ages, policy.region),
            best_offer=self._best_offer(policy, now),
        )

    def _best_offer(self, policy: Policy, now: datetime) -> BestOffer | None:
        candidates = [
            offer
            for offer in self.offers
            if offer.region == policy.region
            and offer.window_start <= now
            and (offer.window_end is None or offer.window_end > now)
        ]
        if not candidates:
            return None

        def preference(offer: _Offer) -> tuple[int, int, int, str]:
            return preference_key(
                offer.shown.platform,
                offer.shown.type,
                quality=offer.quality,
                price_minor=offer.price_minor,
                services=policy.services,
            )

        return min(candidates, key=preference).shown


#: What this process has read, by title. A version never changes, so nothing here is ever wrong, only old.
_cards: dict[UUID, _Card] = {}


def get_cards(ids: Collection[UUID], *, policy: Policy, now: datetime) -> dict[TitleId, TitleSummary]:
    """
    Read the summaries of listed titles, as `get_summaries` writes them, for lists that show the same titles often.

    One SQL statement, which asks for versions, and four more when this process has not read all of them.

    Args:
        ids: Titles by their own ids: of what was merged away, nothing is said here.
        policy: Whose view it is.
        now: Decides which offers are open; aware.

    Returns:
        Summaries by id, without ids that are missing or that the viewer may not see.
    """
    versions = get_versions(ids)
    found = {title_id: card for title_id in versions if (card := _cards.get(title_id)) is not None}
    stale = {key: version for key, version in versions.items() if key not in found or found[key].version != version}
    if stale:
        found |= _read(stale)
    return {
        TitleId(title_id): found[title_id].under(policy, now)
        for title_id in versions
        if title_id in found and policy.permits(min_ages=found[title_id].min_ages, genres=found[title_id].plain.genres)
    }


def _read(versions: Mapping[UUID, int]) -> dict[UUID, _Card]:
    """Read titles and keep them under versions that are theirs or, after a change in between, older."""
    genres = genres_of(versions.keys())
    certificates: dict[UUID, dict[str, str]] = defaultdict(dict)
    for title_id, region, rating in _certificates(versions):
        certificates[title_id][region] = rating
    offers: dict[UUID, list[_Offer]] = defaultdict(list)
    for offer in _offers(versions):
        shown = BestOffer(
            offer.platform_id, offer.platform.name, OfferType(offer.type), price_of(offer.price_minor, offer.currency)
        )
        offers[offer.title_id].append(
            _Offer(shown, offer.region, Quality(offer.quality), offer.price_minor, offer.window_start, offer.window_end)
        )
    read = {
        title.pk: _Card(
            version=versions[title.pk],
            plain=TitleSummary(
                id=TitleId(title.pk),
                kind=Kind(title.kind),
                title=title.title,
                original_title=title.original_title or None,
                part_of=None,
                release_year=title.release_year,
                end_year=title.end_year,
                runtime_minutes=title.runtime_minutes,
                season_count=title.season_count,
                genres=tuple(genres.get(title.pk, ())),
                synopsis=title.synopsis or None,
                certificate=None,
                min_age=None,
                rating=title.rating,
                popularity=title.popularity,
                best_offer=None,
            ),
            min_ages=title.min_ages,
            certificates=certificates[title.pk],
            offers=tuple(offers[title.pk]),
        )
        for title in _titles(versions)
    }
    if len(_cards) + len(read) > _KEPT:
        _cards.clear()
    _cards.update(read)
    return read


@prepared
def _titles(ids: Collection[UUID]) -> QuerySet[Title]:
    return listed(Title.objects.filter(pk__in=ids))


@prepared
def _certificates(title_ids: Collection[UUID]) -> QuerySet[Certificate, tuple[UUID, str, str]]:
    return Certificate.objects.filter(title_id__in=title_ids).values_list("title_id", "region", "rating")


@prepared
def _offers(title_ids: Collection[UUID]) -> QuerySet[Offer]:
    return Offer.objects.filter(title_id__in=title_ids, superseded_at__isnull=True).select_related("platform")
