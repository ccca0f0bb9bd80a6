"""Saving titles: what is written, what is left alone, what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.content.api import save_titles
from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    FieldOrigin,
    ImageDraft,
    Kind,
    NameDraft,
    Role,
    ScoreDraft,
    SeriesStatus,
    TitleId,
)
from apps.content.errors import ExternalIdTakenError, InvalidDraftError
from apps.content.models import Credit, ExternalId, Person, Title, TitleGenre, TitleName
from apps.content.tests.factories import (
    ExternalIdFactory,
    SeasonFactory,
    TitleAliasFactory,
    TitleDraftFactory,
    TitleFactory,
)
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_LATER = datetime(2026, 2, 1, tzinfo=UTC)


def _film(**fields):
    """Draft a film of which every field says something."""
    number = uuid4().int % 10**7
    return TitleDraftFactory.build(
        **{
            "title": "The Third Man",
            "original_title": "Der dritte Mann",
            "synopsis": "A writer looks for a friend in Vienna.",
            "release_year": 1949,
            "release_date": date(1949, 9, 1),
            "runtime_minutes": 104,
            "original_language": "en",
            "languages": ("en", "de"),
            "countries": ("GB",),
            "genres": ("thriller", "mystery"),
            "moods": ("dark",),
            "themes": ("betrayal",),
            "popularity": 0.5,
            "rating": 8.1,
            "names": (NameDraft("Le Troisième Homme", "fr"),),
            "credits": (CreditDraft("Carol Reed", Role.DIRECTOR), CreditDraft("Joseph Cotten", Role.ACTOR, "Martins")),
            "certificates": (CertificateDraft("GB", "PG"), CertificateDraft("US", "NR")),
            "scores": (ScoreDraft("metacritic", 97, 100, 30),),
            "external_ids": (ExternalIdDraft("imdb", f"tt{number:07}"),),
            "images": (ImageDraft("poster", f"https://images.example/{number}.jpg", "editorial"),),
            "provenance": {"title": FieldOrigin("editorial", "films:1", "2026-01-01", "rank")},
            **fields,
        }
    )


def _series(*seasons, **fields):
    return TitleDraftFactory.build(kind=Kind.SERIES, seasons=seasons, **fields)


def _parts(series_id):
    """List (season, episode count as stated, episode numbers) of a series."""
    seasons = Title.objects.filter(parent_id=series_id).order_by("number")
    return [
        (
            season.number,
            season.episode_count,
            list(Title.objects.filter(parent=season).order_by("number").values_list("number", flat=True)),
        )
        for season in seasons
    ]


def test_a_new_title_is_written_whole():
    """Every field of the draft stands in its column or row."""
    draft = _film()

    report = save_titles([draft], at=_FIRST)

    assert (report.created, report.updated, report.unchanged) == ((draft.id,), (), ())
    row = Title.objects.get()
    assert (row.title, row.title_key, row.original_title) == ("The Third Man", "third man", "Der dritte Mann")
    assert (row.release_year, row.release_date, row.runtime_minutes) == (1949, date(1949, 9, 1), 104)
    assert (row.languages, row.countries, row.moods, row.themes) == (["en", "de"], ["GB"], ["dark"], ["betrayal"])
    assert (row.popularity, row.rating, row.version) == (0.5, 8.1, 1)
    assert row.min_ages == {"GB": 8, "US": None}
    assert row.provenance["title"] == {
        "source": "editorial",
        "record": "films:1",
        "as_of": "2026-01-01",
        "rule": "rank",
    }
    assert (row.created_at, row.updated_at) == (_FIRST, _FIRST)
    assert list(TitleGenre.objects.values_list("genre_id", "position")) == [("thriller", 0), ("mystery", 1)]
    assert set(TitleName.objects.values_list("language", "name_key")) == {
        ("en", "der dritte mann"),
        ("fr", "le troisieme homme"),
    }
    assert set(Credit.objects.values_list("person__name", "role", "character", "position")) == {
        ("Carol Reed", "director", "", 0),
        ("Joseph Cotten", "actor", "Martins", 0),
    }
    assert set(row.certificates.values_list("region", "system", "min_age")) == {("GB", "BBFC", 8), ("US", "", None)}
    assert row.scores.get().count == 30
    assert row.images.get().source_id == "editorial"


def test_saving_the_same_drafts_again_changes_nothing():
    """No version, no time and no event moves."""
    drafts = [_film(), _series(3, None, 2)]
    save_titles(drafts, at=_FIRST)
    before = list(Title.objects.order_by("id").values())
    OutboxEvent.objects.all().delete()

    report = save_titles(drafts, at=_LATER)

    assert report.unchanged == tuple(draft.id for draft in drafts)
    assert list(Title.objects.order_by("id").values()) == before
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": "The 3rd Man"}, id="title"),
        pytest.param({"runtime_minutes": None}, id="runtime"),
        pytest.param({"languages": ("en",)}, id="languages"),
        pytest.param({"genres": ("mystery", "thriller")}, id="order of genres"),
        pytest.param({"names": ()}, id="names"),
        pytest.param({"credits": (CreditDraft("Orson Welles", Role.ACTOR),)}, id="people"),
        pytest.param({"certificates": ()}, id="certificates"),
        pytest.param({"scores": (ScoreDraft("metacritic", 96, 100),)}, id="scores"),
        pytest.param({"external_ids": ()}, id="ids"),
        pytest.param({"images": ()}, id="images"),
    ],
)
def test_any_difference_replaces_and_is_announced(change):
    """The stored title becomes equal to the draft: a second save finds nothing to do."""
    draft = _film()
    save_titles([draft], at=_FIRST)
    OutboxEvent.objects.all().delete()
    changed = replace(draft, **change)

    report = save_titles([changed], at=_LATER)

    assert report.updated == (draft.id,)
    row = Title.objects.get()
    assert (row.version, row.created_at, row.updated_at) == (2, _FIRST, _LATER)
    assert OutboxEvent.objects.get().payload == {"ids": [str(draft.id)]}
    assert save_titles([changed], at=_LATER).unchanged == (draft.id,)


def test_a_new_origin_of_the_same_values_is_kept_silently():
    """Who said it may change without anybody being told."""
    draft = _film()
    save_titles([draft], at=_FIRST)
    origin = FieldOrigin("wikidata", "Q1", "2026-02-01", "rank")

    report = save_titles([replace(draft, provenance={"title": origin})], at=_LATER)

    assert report.unchanged == (draft.id,)
    row = Title.objects.get()
    assert row.provenance["title"]["source"] == "wikidata"
    assert (row.version, row.updated_at) == (1, _FIRST)


def test_people_are_one_by_their_folded_name():
    """Two spellings in two titles are one person with two credits."""
    first = TitleDraftFactory.build(credits=(CreditDraft("Penélope Cruz", Role.ACTOR),))
    second = TitleDraftFactory.build(credits=(CreditDraft("PENELOPE CRUZ", Role.ACTOR),))

    save_titles([first], at=_FIRST)
    save_titles([second], at=_FIRST)

    assert Person.objects.get().name == "Penélope Cruz"
    assert Credit.objects.count() == 2


def test_several_parts_of_one_actor_are_one_credit():
    """The characters are named together, and billing counts people."""
    draft = TitleDraftFactory.build(
        credits=(
            CreditDraft("Peter Sellers", Role.ACTOR, "Mandrake"),
            CreditDraft("Peter Sellers", Role.ACTOR, "Muffley"),
            CreditDraft("Sterling Hayden", Role.ACTOR, "Ripper"),
        )
    )

    save_titles([draft], at=_FIRST)

    assert list(Credit.objects.order_by("position").values_list("character", "position")) == [
        ("Mandrake / Muffley", 0),
        ("Ripper", 1),
    ]


def test_seasons_and_episodes_are_materialised_by_number():
    """A count makes episodes; an unknown count makes the season alone and leaves the total unknown."""
    known, partly = _series(2, 3), _series(2, None)

    save_titles([known, partly], at=_FIRST)

    assert _parts(known.id) == [(1, 2, [1, 2]), (2, 3, [1, 2, 3])]
    assert _parts(partly.id) == [(1, 2, [1, 2]), (2, None, [])]
    totals = dict(Title.objects.filter(kind=Kind.SERIES).values_list("id", "episode_count"))
    assert totals == {known.id: 5, partly.id: None}
    assert set(Title.objects.filter(kind=Kind.EPISODE).values_list("title", flat=True)) == {None}


def test_parts_have_the_same_ids_everywhere():
    """Two installations that save one series agree on its episodes."""
    draft = _series(2)
    save_titles([draft], at=_FIRST)
    before = set(Title.objects.values_list("id", flat=True))
    Title.objects.all().delete()

    save_titles([draft], at=_LATER)

    assert set(Title.objects.values_list("id", flat=True)) == before


def test_counts_that_grow_or_shrink_move_the_parts():
    """The series is announced, and episodes that stay keep their rows."""
    draft = _series(2, 2)
    save_titles([draft], at=_FIRST)
    episode = Title.objects.get(kind=Kind.EPISODE, number=1, parent__number=1)

    report = save_titles([replace(draft, seasons=(3,))], at=_LATER)

    assert report.updated == (draft.id,)
    assert _parts(draft.id) == [(1, 3, [1, 2, 3])]
    assert Title.objects.get(id=episode.id).version == episode.version


def test_parts_that_stand_under_other_ids_are_kept():
    """Numbers, not ids, decide whether a season is there (a merge may have moved it)."""
    draft = _series(None)
    save_titles([replace(draft, seasons=())], at=_FIRST)
    season = SeasonFactory.create(parent_id=draft.id, number=1)

    save_titles([draft], at=_LATER)

    assert Title.objects.get(parent_id=draft.id).id == season.id


def test_a_merged_id_writes_to_its_survivor():
    """The report names the title that was written."""
    alias = TitleAliasFactory.create()

    report = save_titles([TitleDraftFactory.build(id=TitleId(alias.id), title="Renamed")], at=_LATER)

    assert report.updated == (alias.title_id,)
    assert Title.objects.get().title == "Renamed"


def test_an_external_id_may_move_within_a_batch():
    """What one title lets go another may take, in one save."""
    loses, gains = _film(), _film(external_ids=())
    save_titles([loses, gains], at=_FIRST)

    save_titles([replace(loses, external_ids=()), replace(gains, external_ids=loses.external_ids)], at=_LATER)

    assert ExternalId.objects.get().title_id == gains.id


def test_an_external_id_of_another_title_is_refused():
    """The conflict names the id and its holder; nothing of the batch is written."""
    taken = ExternalIdFactory.create()
    drafts = [_film(external_ids=()), _film(external_ids=(ExternalIdDraft(taken.scheme, taken.value),))]

    with pytest.raises(ExternalIdTakenError, match=f"{taken.value} belongs to title {taken.title_id}"):
        save_titles(drafts, at=_FIRST)

    assert Title.objects.get().id == taken.title_id


def test_two_titles_of_a_batch_cannot_share_an_external_id():
    """The first to ask holds it."""
    first = _film()

    with pytest.raises(ExternalIdTakenError, match=f"belongs to title {first.id}"):
        save_titles([first, _film(external_ids=first.external_ids)], at=_FIRST)


def test_the_same_value_in_another_scheme_is_another_id():
    """TMDB numbers films and series apart."""
    ExternalIdFactory.create(scheme="tmdb_movie", value="603")

    save_titles([_film(external_ids=(ExternalIdDraft("tmdb_tv", "603"),))], at=_FIRST)

    assert ExternalId.objects.filter(value="603").count() == 2


_TWIN = TitleId(uuid4())


@pytest.mark.parametrize(
    "drafts",
    [
        pytest.param([TitleDraftFactory.build(kind=Kind.EPISODE)], id="an episode alone"),
        pytest.param([TitleDraftFactory.build(seasons=(1,))], id="a film with seasons"),
        pytest.param([TitleDraftFactory.build(genres=("telenovela",))], id="an unknown genre"),
        pytest.param([TitleDraftFactory.build(title="x" * 501)], id="a title longer than its column"),
        pytest.param([TitleDraftFactory.build(credits=(CreditDraft("x" * 201, Role.ACTOR),))], id="a long name"),
        pytest.param(TitleDraftFactory.build_batch(501), id="too many"),
        pytest.param(TitleDraftFactory.build_batch(2, id=_TWIN), id="one title twice"),
    ],
)
def test_what_no_table_could_hold_is_refused(drafts):
    """A domain error before anything is written."""
    with pytest.raises(InvalidDraftError):
        save_titles(drafts, at=_FIRST)

    assert not Title.objects.exists()


def test_the_end_of_a_series_is_kept():
    """Status and last year belong to the series."""
    save_titles([_series(1, status=SeriesStatus.ENDED, end_year=2023)], at=_FIRST)

    assert Title.objects.filter(kind=Kind.SERIES).values_list("status", "end_year").get() == ("ended", 2023)


def test_an_empty_batch_writes_nothing():
    """No drafts, no title and no event."""
    report = save_titles([], at=_FIRST)

    assert (report.created, report.updated, report.unchanged) == ((), (), ())
    assert not OutboxEvent.objects.exists()


def _cost(drafts):
    with CaptureQueriesContext(connection) as captured:
        save_titles(drafts, at=_FIRST)
    return len(captured)


def test_statements_do_not_grow_with_the_batch():
    """Creating, finding nothing to do, and changing: three titles cost what thirty do."""
    few, many = [_film() for _ in range(3)], [_film() for _ in range(30)]
    created = _cost(few), _cost(many)
    unchanged = _cost(few), _cost(many)
    changes = {"runtime_minutes": 99, "genres": ("war",), "credits": (CreditDraft("Alida Valli", Role.ACTOR),)}
    few, many = ([replace(draft, **changes) for draft in drafts] for drafts in (few, many))
    changed = _cost(few), _cost(many)

    assert created[0] == created[1] <= 30
    assert unchanged[0] == unchanged[1] <= 15
    assert changed[0] == changed[1] <= 30


def test_statements_do_not_grow_with_the_episodes():
    """A series of three episodes costs what one of thirty does."""
    assert _cost([_series(3)]) == _cost([_series(30)]) <= 10


def test_titles_of_a_batch_do_not_mix():
    """Rows hang on the title whose draft named them."""
    drafts = [TitleDraftFactory.build(title=f"Film {n}", names=(NameDraft(f"Name {n}"),)) for n in range(5)]

    save_titles(drafts, at=_FIRST)

    assert {(name.title.title, name.name) for name in TitleName.objects.select_related("title")} == {
        (f"Film {n}", f"Name {n}") for n in range(5)
    }


def test_an_unlisted_title_s_children_are_not_touched():
    """Titles outside the batch keep everything."""
    bystander = TitleFactory.create(genres=["drama"])

    save_titles([_film()], at=_FIRST)

    assert TitleGenre.objects.filter(title=bystander).count() == 1
