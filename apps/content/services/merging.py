"""Two titles that turn out to be one work."""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Manager, Model, OuterRef, QuerySet

from apps.content.contracts import TitleId
from apps.content.domain.timeline import Interval, unite
from apps.content.domain.vocabulary import LISTED_KINDS, Kind
from apps.content.errors import InvalidMergeError, TitleNotFoundError
from apps.content.models import (
    Certificate,
    Credit,
    ExternalId,
    Image,
    Offer,
    OfferClaim,
    Score,
    Title,
    TitleAlias,
    TitleGenre,
    TitleName,
)
from apps.content.services.changes import bump_versions, publish_changes
from apps.content.services.offers import load_shelf, refresh_offers

#: Tables whose rows move, each with the columns that may occur once per title.
_MOVED: Final[tuple[tuple[Manager[Model], tuple[str, ...]], ...]] = (
    (TitleName.objects, ("language", "name")),
    (TitleGenre.objects, ("genre_id",)),
    (ExternalId.objects, ("scheme", "value")),
    (Credit.objects, ("person_id", "role")),
    (Certificate.objects, ("region",)),
    (Score.objects, ("source",)),
    (Image.objects, ("url",)),
)


@transaction.atomic
def merge_titles(survivor: TitleId, merged: TitleId, *, at: datetime) -> None:
    """
    Move all that hangs on one title to another and leave an alias behind; merging a pair again does nothing.

    The survivor keeps its own fields and gains what it lacks: names (the merged title's own among them), genres,
    people, ids, certificates, scores, images, seasons, episodes and all offers with their history. Seasons and
    episodes that both have become aliases too.

    SQL: about 40 statements, and a few for each platform and region with offers.

    Args:
        survivor: Keeps its id; a merged id means its own survivor.
        merged: Answers for `survivor` from now on, like every id that was merged into it before.
        at: Time of the change, aware UTC.

    Raises:
        TitleNotFoundError: No such title.
        InvalidMergeError: A season or episode, or a series with something that has no seasons.
    """
    kept_id, gone_id = _living(survivor), _living(merged)
    if kept_id == gone_id:
        return
    titles = Title.objects.select_for_update(of=("self",)).order_by("id").in_bulk([kept_id, gone_id])
    kept, gone = _checked(titles, kept_id), _checked(titles, gone_id)
    if (kept.kind == Kind.SERIES) != (gone.kind == Kind.SERIES):
        raise InvalidMergeError(f"{gone} is a {gone.kind} and {kept} a {kept.kind}: only one of them has seasons.")

    if gone.title and gone.title != kept.title:
        language = gone.original_language or "und"
        name = TitleName(title=kept, language=language, name=gone.title, name_key=gone.title_key)
        TitleName.objects.bulk_create([name], ignore_conflicts=True)
    for rows, columns in _MOVED:
        own = rows.filter(title_id=kept_id, **{column: OuterRef(column) for column in columns})
        rows.filter(~Exists(own), title_id=gone_id).update(title_id=kept_id)
    kept.min_ages = dict(Certificate.objects.filter(title=kept).values_list("region", "min_age"))
    replaced = {gone_id: kept_id} | _merge_parts(kept_id, gone_id)
    _recount_parts(kept)
    kept.save(update_fields=("min_ages", "season_count", "episode_count"))
    _merge_offers(kept_id, gone_id)
    _leave_aliases(replaced, at=at)
    Title.objects.filter(id__in=replaced).delete()
    bump_versions([kept_id], at=at)
    publish_changes([gone_id])


def _living(title_id: UUID) -> UUID:
    alias = TitleAlias.objects.filter(id=title_id).first()
    return alias.title_id if alias else title_id


def _checked(titles: Mapping[UUID, Title], title_id: UUID) -> Title:
    title = titles.get(title_id)
    if title is None:
        raise TitleNotFoundError(f"There is no title {title_id}.")
    if title.kind not in LISTED_KINDS:
        raise InvalidMergeError(f"{title_id} is a {title.kind}: parts are merged with their series.")
    return title


def _merge_parts(kept_id: UUID, gone_id: UUID) -> dict[UUID, UUID]:
    """
    Move seasons and episodes whose numbers the survivor lacks, and return what replaces the others.

    SQL: two SELECTs, and one UPDATE for each new parent.
    """
    replaced: dict[UUID, UUID] = {}
    moved: dict[UUID, list[UUID]] = defaultdict(list)
    parents = {gone_id: kept_id}
    for parts in (Title.objects.filter(parent_id__in=(kept_id, gone_id)), _episodes_of(kept_id, gone_id)):
        rows = list(parts.order_by("number").values_list("id", "parent_id", "number"))
        own = {(parent_id, number): part_id for part_id, parent_id, number in rows if parent_id not in parents}
        for part_id, parent_id, number in rows:
            if parent_id not in parents:
                continue
            twin = own.get((parents[parent_id], number))
            if twin is None:
                moved[parents[parent_id]].append(part_id)
            else:
                replaced[part_id] = twin
        parents = dict(replaced)
    for parent_id, part_ids in moved.items():
        Title.objects.filter(id__in=part_ids).update(parent_id=parent_id)
    return replaced


def _episodes_of(*series_ids: UUID) -> QuerySet[Title]:
    return Title.objects.filter(parent__parent_id__in=series_ids)


def _recount_parts(series: Title) -> None:
    """Bring the counts of a series and its seasons to the rows that are there."""
    episodes = dict(_episodes_of(series.id).order_by().values_list("parent_id").annotate(Count("id")))
    seasons = list(Title.objects.filter(parent_id=series.id))
    for season in seasons:
        season.episode_count = episodes.get(season.id)
    Title.objects.bulk_update(seasons, ["episode_count"])
    counts = [season.episode_count for season in seasons]
    series.season_count = len(seasons) or None
    series.episode_count = sum(episodes.values()) if seasons and None not in counts else None


def _merge_offers(kept_id: UUID, gone_id: UUID) -> None:
    """Let both titles' claims stand for the survivor, and fold its offers again."""
    spans: dict[tuple[str, str, str, str], list[OfferClaim]] = defaultdict(list)
    for claim in OfferClaim.objects.filter(title_id__in=(kept_id, gone_id)):
        spans[claim.source_id, claim.platform_id, claim.region, claim.terms_hash].append(claim)
    OfferClaim.objects.filter(title_id__in=(kept_id, gone_id)).delete()
    united = []
    for claims in spans.values():
        for span in unite(Interval(claim.known_from, claim.known_to) for claim in claims):
            claim = copy(claims[0])
            claim.pk, claim.title_id, claim.known_from, claim.known_to = None, kept_id, span.start, span.end
            united.append(claim)
    OfferClaim.objects.bulk_create(united)
    Offer.objects.filter(title_id=gone_id).delete()
    for platform, region in sorted({(claim.platform_id, claim.region) for claim in united}):
        refresh_offers([kept_id], load_shelf(platform, region))


def _leave_aliases(replaced: Mapping[UUID, UUID], *, at: datetime) -> None:
    """Let every id that goes answer for what replaces it, and those that already answered for it too."""
    older = list(TitleAlias.objects.filter(title_id__in=replaced))
    for alias in older:
        alias.title_id = replaced[alias.title_id]
    TitleAlias.objects.bulk_update(older, ["title_id"])
    TitleAlias.objects.bulk_create(
        TitleAlias(id=gone_id, title_id=kept_id, merged_at=at) for gone_id, kept_id in replaced.items()
    )
