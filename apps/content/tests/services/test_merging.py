"""Merging: nothing is lost, every old id answers, and a second merge does nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.content.api import apply_snapshot, get_match_profiles, merge_titles, save_titles
from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    Kind,
    NameDraft,
    OfferTerms,
    OfferType,
    Role,
    ScoreDraft,
    SnapshotKey,
    TitleDraft,
    TitleId,
)
from apps.content.errors import InvalidMergeError, TitleNotFoundError
from apps.content.models import Offer, OfferClaim, Title, TitleAlias
from apps.content.tests.factories import SeasonFactory, SeriesFactory, TitleDraftFactory, TitleFactory
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_LATER = datetime(2026, 2, 1, tzinfo=UTC)


def _saved(**fields) -> TitleDraft:
    draft = TitleDraftFactory.build(**fields)
    save_titles([draft], at=_AT)
    return draft


def _list(*title_ids, day, source="editorial", platform="netflix"):
    key = SnapshotKey(source=source, platform=platform, region="US", as_of=_AT + timedelta(days=day))
    claims = [(title_id, OfferTerms(type=OfferType.SUBSCRIPTION)) for title_id in title_ids]
    apply_snapshot(key, claims, content_sha256=f"{uuid4().hex}{uuid4().hex}", at=_AT)


def test_the_survivor_gains_what_it_lacks():
    """Its own rows win where both have one; the merged title's name stays findable."""
    kept = _saved(
        title="Seven",
        genres=("crime",),
        certificates=(CertificateDraft("US", "R"),),
        credits=(CreditDraft("David Fincher", Role.DIRECTOR),),
        scores=(ScoreDraft("metacritic", 65, 100),),
    )
    gone = _saved(
        title="Se7en",
        genres=("crime", "thriller"),
        certificates=(CertificateDraft("US", "PG"), CertificateDraft("GB", "18")),
        credits=(CreditDraft("David Fincher", Role.DIRECTOR), CreditDraft("Brad Pitt", Role.ACTOR)),
        scores=(ScoreDraft("metacritic", 1, 100), ScoreDraft("rotten_tomatoes", 84, 100)),
        names=(NameDraft("Sieben", "de"),),
        external_ids=(ExternalIdDraft("imdb", "tt0114369"),),
    )

    merge_titles(kept.id, gone.id, at=_LATER)

    row = Title.objects.get()
    assert (row.id, row.title, row.min_ages) == (kept.id, "Seven", {"US": 17, "GB": 18})
    assert set(row.scores.values_list("source", "score")) == {("metacritic", 65), ("rotten_tomatoes", 84)}
    (profile,) = get_match_profiles([gone.id])
    assert profile.id == kept.id
    assert profile.title_keys == {"seven", "se7en", "sieben"}
    assert profile.genres == {"crime", "thriller"}
    assert profile.directors == {"david fincher"}
    assert profile.actors == {"brad pitt"}
    assert profile.external_ids == {("imdb", "tt0114369")}


def test_every_merged_id_answers_for_the_last_survivor():
    """Aliases do not chain: three merged into one by way of another all point at it."""
    first, second, third = (_saved() for _ in range(3))
    merge_titles(second.id, first.id, at=_AT)

    merge_titles(third.id, second.id, at=_LATER)

    assert dict(TitleAlias.objects.values_list("id", "title_id")) == {first.id: third.id, second.id: third.id}


@pytest.mark.parametrize("swap", [False, True], ids=["same way", "other way"])
def test_merging_a_pair_again_does_nothing(swap):
    """A merged id means its survivor on either side."""
    kept, gone = _saved(), _saved()
    merge_titles(kept.id, gone.id, at=_AT)
    events = OutboxEvent.objects.count()

    merge_titles(*((gone.id, kept.id) if swap else (kept.id, gone.id)), at=_LATER)

    assert Title.objects.get().id == kept.id
    assert OutboxEvent.objects.count() == events


def test_both_titles_are_announced():
    """Whoever indexed the merged title learns that it is gone, and the survivor has a new version."""
    kept, gone = _saved(), _saved()
    OutboxEvent.objects.all().delete()

    merge_titles(kept.id, gone.id, at=_LATER)

    announced = {title_id for event in OutboxEvent.objects.all() for title_id in event.payload["ids"]}
    assert announced == {str(kept.id), str(gone.id)}
    assert Title.objects.get().version == 2


def test_offers_and_their_history_are_united():
    """What either title was offered for, the survivor is, without gaps that nobody saw."""
    kept, gone = _saved(), _saved()
    _list(kept.id, day=1)
    _list(gone.id, day=2)
    _list(gone.id, day=1, source="kaggle-csv", platform="hulu")

    merge_titles(kept.id, gone.id, at=_LATER)

    offers = Offer.objects.order_by("platform").values_list("title_id", "platform_id", "known_from", "superseded_at")
    assert list(offers) == [
        (kept.id, "hulu", _AT + timedelta(days=1), None),
        (kept.id, "netflix", _AT + timedelta(days=1), None),
    ]
    assert OfferClaim.objects.filter(title=kept.id).count() == 2


def test_a_listing_may_go_on_naming_the_merged_id():
    """The next snapshot of a feed that knows the old id keeps the offer as it is."""
    kept, gone = _saved(), _saved()
    _list(gone.id, day=1)
    merge_titles(kept.id, gone.id, at=_LATER)

    _list(gone.id, day=2)

    offer = Offer.objects.get()
    assert (offer.title_id, offer.known_from) == (kept.id, _AT + timedelta(days=1))


def test_seasons_and_episodes_are_united_by_number():
    """Parts of one number become aliases, further ones move, and the counts follow."""
    kept, gone = (_saved(kind=Kind.SERIES, seasons=seasons) for seasons in ((2, 1), (1, 3, 2)))
    rows = Title.objects.filter(kind=Kind.EPISODE, parent__parent_id=gone.id).values_list(
        "parent__number", "number", "id"
    )
    parts = {(season, number): part_id for season, number, part_id in rows}

    merge_titles(kept.id, gone.id, at=_LATER)

    series = Title.objects.get(kind=Kind.SERIES)
    assert (series.season_count, series.episode_count) == (3, 7)
    seasons = Title.objects.filter(parent=series).order_by("number")
    assert [(season.number, season.episode_count) for season in seasons] == [(1, 2), (2, 3), (3, 2)]
    living = set(Title.objects.values_list("id", flat=True))
    assert {key for key, part_id in parts.items() if part_id in living} == {(2, 2), (2, 3), (3, 1), (3, 2)}
    twin = Title.objects.get(parent__parent=series, parent__number=1, number=1)
    assert TitleAlias.objects.get(id=parts[1, 1]).title_id == twin.id


def test_the_united_series_saves_as_unchanged():
    """What a merge leaves behind is what a draft with the same counts wants."""
    kept, gone = (_saved(kind=Kind.SERIES, title="Dark", seasons=seasons) for seasons in ((2,), (1, 3)))
    merge_titles(kept.id, gone.id, at=_LATER)

    report = save_titles(
        [TitleDraftFactory.build(id=kept.id, kind=Kind.SERIES, title="Dark", seasons=(2, 3))], at=_LATER
    )

    assert report.unchanged == (kept.id,)


def test_titles_that_cannot_be_one_work_are_refused():
    """A film has no seasons to move, and parts follow their series."""
    film, series, season = TitleFactory.create(), SeriesFactory.create(), SeasonFactory.create()

    with pytest.raises(InvalidMergeError):
        merge_titles(TitleId(film.id), TitleId(series.id), at=_AT)
    with pytest.raises(InvalidMergeError):
        merge_titles(TitleId(series.id), TitleId(season.id), at=_AT)


def test_an_unknown_title_is_refused():
    """Both ids have to exist."""
    with pytest.raises(TitleNotFoundError):
        merge_titles(TitleId(TitleFactory.create().id), TitleId(uuid4()), at=_AT)
