"""The fold: rules of each field, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.api import compute_popularity
from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    FieldOrigin,
    Kind,
    NameDraft,
    Role,
    ScoreDraft,
    SeriesStatus,
    TitleId,
)
from apps.ingestion.domain.facts import RecordKey, TitleFacts
from apps.ingestion.domain.merge import MAX_ACTORS, MAX_GENRES, MAX_THEMES, SourcedFacts, fold_records
from apps.ingestion.tests.factories import DAY_2022, DAY_2023, PLOT, make_facts

RANKS = {"editorial": 10, "wikidata": 20, "justwatch-csv": 30, "kaggle-csv": 40}
TITLE_ID = TitleId(UUID(int=1))


def said(source="justwatch-csv", source_id="tm1", *, platform="netflix", as_of=DAY_2022, withheld=(), **values):
    key = RecordKey(source, platform, source_id)
    return SourcedFacts(key, as_of, make_facts(**values), frozenset(withheld))


def fold(*records):
    return fold_records(TITLE_ID, records, ranks=RANKS, popularity_of=compute_popularity)


def actors(*names):
    return tuple(CreditDraft(name, Role.ACTOR) for name in names)


def test_the_better_source_wins():
    title = fold(said("kaggle-csv", runtime_minutes=99), said("wikidata", runtime_minutes=101))

    assert title.runtime_minutes == 101


def test_within_a_source_the_newest_word_wins():
    title = fold(
        said(platform="hulu", as_of=DAY_2023, runtime_minutes=101),
        said(platform="max", as_of=DAY_2022, runtime_minutes=99),
    )

    assert title.runtime_minutes == 101
    assert title.provenance["runtime_minutes"] == FieldOrigin(
        "justwatch-csv", "justwatch-csv/hulu/tm1", "2023-06-01", "best_record"
    )


def test_a_better_source_that_says_nothing_takes_nothing_away():
    title = fold(said("editorial", synopsis="", countries=()), said("kaggle-csv", synopsis=PLOT, countries=("FR",)))

    assert (title.synopsis, title.countries) == (PLOT, ("FR",))


def test_a_damaged_title_loses_to_any_other_and_leaves_no_name():
    title = fold(said(title="27 September", is_title_damaged=True), said("kaggle-csv", title="September 27th"))

    assert (title.title, title.names) == ("September 27th", ())
    assert title.provenance["title"].rule == "best_undamaged"


def test_a_damaged_title_is_better_than_none():
    assert fold(said(title="27 September", is_title_damaged=True)).title == "27 September"


def test_differing_titles_become_names():
    title = fold(
        said(title="The Scar", names=(NameDraft("Die Narbe", "de"),)), said("kaggle-csv", title="Hollow Triumph")
    )

    assert title.title == "The Scar"
    assert title.names == (NameDraft("Die Narbe", "de"), NameDraft("Hollow Triumph"))


def test_a_synopsis_of_a_few_words_yields_to_one_that_tells():
    title = fold(said(synopsis="Season 1."), said("kaggle-csv", synopsis=PLOT))

    assert (title.synopsis, title.provenance["synopsis"].rule) == (PLOT, "best_telling")


def test_without_a_telling_synopsis_the_longest_stays():
    title = fold(said(synopsis="Brief."), said("kaggle-csv", synopsis="A little longer."))

    assert (title.synopsis, title.provenance["synopsis"].rule) == ("A little longer.", "longest")


def test_a_bound_never_beats_a_year_of_release():
    title = fold(said("justwatch-csv", year=2019, is_year_bound=True), said("kaggle-csv", platform="hulu", year=2016))

    assert (title.release_year, title.provenance["release_year"].rule) == (2016, "year_of_release")


def test_of_bounds_alone_the_earliest_is_nearest():
    title = fold(
        said("kaggle-csv", year=2019, is_year_bound=True),
        said("kaggle-csv", platform="prime_video", year=2017, is_year_bound=True),
    )

    assert (title.release_year, title.provenance["release_year"].rule) == (2017, "earliest_bound")


def test_genres_of_others_follow_up_to_a_bound():
    title = fold(
        said(genres=("drama", "crime")), said("kaggle-csv", genres=("comedy", "crime", "action", "war", "history"))
    )

    assert title.genres == ("drama", "crime", "comedy", "action", "war")
    assert len(title.genres) == MAX_GENRES


def test_the_best_records_own_genres_are_never_cut():
    genres = ("drama", "crime", "comedy", "action", "war", "history")

    assert fold(said("editorial", genres=genres), said(genres=("music",))).genres == genres


def test_themes_of_all_records_count_the_best_ones_first():
    title = fold(
        said("wikidata", themes=("oscar winner", "spy")),
        said("editorial", platform="", themes=("spy", "submarine")),
        said("kaggle-csv", themes=tuple(f"theme {number}" for number in range(MAX_THEMES))),
    )

    assert title.themes[:3] == ("spy", "submarine", "oscar winner")
    assert len(title.themes) == MAX_THEMES
    assert title.provenance["themes"].source == "editorial"


def test_billing_order_beats_the_alphabet_and_further_actors_follow():
    title = fold(
        said("wikidata", people=actors("Ana", "Bo", "Cy")),
        said("kaggle-csv", people=actors("Cy", "Bo"), has_billing_order=True),
    )

    assert [credit.name for credit in title.credits] == ["Cy", "Bo", "Ana"]


def test_a_cast_is_bounded():
    title = fold(
        said(people=actors("Star"), has_billing_order=True), said("wikidata", people=actors(*map(str, range(99))))
    )

    assert len(title.credits) == MAX_ACTORS


def test_directors_come_from_one_record():
    title = fold(
        said("wikidata", people=(CreditDraft("Edgar G. Ulmer", Role.DIRECTOR),)),
        said("justwatch-csv", people=(CreditDraft("Edgar J. Ulmer", Role.DIRECTOR),)),
    )

    assert [credit.name for credit in title.credits] == ["Edgar G. Ulmer"]


def test_a_boards_certificate_beats_a_services_own_mark():
    title = fold(
        said(certificates=(CertificateDraft("US", "16+"), CertificateDraft("GB", "15"))),
        said("kaggle-csv", certificates=(CertificateDraft("US", "R"),)),
    )

    assert title.certificates == (CertificateDraft("GB", "15"), CertificateDraft("US", "R"))


def test_withheld_ids_are_not_asserted():
    ids = (ExternalIdDraft("imdb", "tt0000001"), ExternalIdDraft("justwatch", "tm1"))

    assert fold(said(external_ids=ids, withheld=[("imdb", "tt0000001")])).external_ids == ids[1:]


def test_a_rating_is_the_mean_of_marks_on_one_scale():
    title = fold(
        said("wikidata", scores=(
            ScoreDraft("rotten_tomatoes", 90, 100, 12),
            ScoreDraft("rotten_tomatoes_average", 7.0, 10),
            ScoreDraft("metacritic", 60, 100),
        )),
        said(tmdb_score=8.0, tmdb_popularity=10.0),
    )  # fmt: skip

    assert title.rating == 7.0
    assert title.popularity == compute_popularity(tmdb_popularity=10.0)


def test_only_a_series_has_seasons_and_an_end():
    values = {"seasons": (8, 9), "end_year": 2004, "status": SeriesStatus.ENDED}

    series = fold(said("editorial", kind=Kind.SERIES, **values), said(kind=Kind.SERIES, seasons=(None,) * 3))
    film = fold(said("editorial"), said(kind=Kind.SERIES, **values))

    assert (series.seasons, series.end_year, series.status) == ((8, 9), 2004, SeriesStatus.ENDED)
    assert (film.kind, film.seasons, film.end_year, film.status) == (Kind.MOVIE, (), None, None)


def test_the_length_of_an_episode_is_not_that_of_a_film():
    assert fold(said("editorial"), said(kind=Kind.SERIES, runtime_minutes=25)).runtime_minutes is None


facts_of_all_sorts = st.builds(
    TitleFacts,
    kind=st.sampled_from([Kind.MOVIE, Kind.SERIES]),
    title=st.sampled_from(["Gone", "Gone!", "Away"]),
    is_title_damaged=st.booleans(),
    synopsis=st.sampled_from(["", "Brief.", PLOT, PLOT.upper()]),
    original_title=st.sampled_from(["", "Weg"]),
    year=st.none() | st.integers(1990, 2000),
    is_year_bound=st.booleans(),
    runtime_minutes=st.none() | st.integers(60, 63),
    genres=st.lists(st.sampled_from(["drama", "war", "crime", "music", "news", "talk"]), unique=True).map(tuple),
    countries=st.sampled_from([(), ("US",), ("FR", "US")]),
    people=st.sampled_from([(), actors("Ana", "Bo"), actors("Bo", "Cy")]),
    has_billing_order=st.booleans(),
    certificates=st.sampled_from([(), (CertificateDraft("US", "R"),), (CertificateDraft("US", "13+"),)]),
    scores=st.sampled_from([(), (ScoreDraft("metacritic", 50, 100),), (ScoreDraft("rotten_tomatoes", 9, 10, 5),)]),
    external_ids=st.sampled_from(
        [(), (ExternalIdDraft("imdb", "tt0000001"),), (ExternalIdDraft("imdb", "tt0000002"),)]
    ),
    tmdb_popularity=st.none() | st.floats(0, 100),
)
records_of_one_work = st.lists(
    st.builds(
        SourcedFacts,
        st.builds(
            RecordKey, st.sampled_from(sorted(RANKS)), st.sampled_from(["netflix", "hulu"]), st.sampled_from("abc")
        ),
        st.integers(0, 3).map(lambda days: datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=days)),
        facts_of_all_sorts,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda record: record.key,
)


@given(records_of_one_work, st.randoms())
def test_the_order_of_arrival_does_not_count(records, random):
    shuffled = random.sample(records, len(records))

    assert fold(*shuffled) == fold(*records)


@given(records_of_one_work)
def test_a_further_record_never_takes_a_value_away(records):
    before, after = fold(*records[1:] or records), fold(*records)

    lasting = (
        "title", "synopsis", "original_title", "release_year", "genres", "countries", "credits", "certificates",
        "scores", "external_ids", "rating",
    )  # fmt: skip
    assert [name for name in lasting if getattr(before, name) and not getattr(after, name)] == []


@given(records_of_one_work)
def test_a_record_that_says_nothing_changes_nothing_but_names(records):
    silent = SourcedFacts(
        RecordKey("kaggle-csv", "hulu", "z"),
        datetime(2021, 1, 1, tzinfo=UTC),
        TitleFacts(kind=Kind.MOVIE, title="Gone"),
    )
    before, after = fold(*records), fold(*records, silent)

    ignored = {"names": (), "provenance": {}, "title": ""}
    assert replace(after, **ignored) == replace(before, **ignored)


@given(records_of_one_work)
def test_every_value_has_an_origin_among_the_records(records):
    title = fold(*records)

    known = {str(record.key) for record in records}
    assert {origin.record for origin in title.provenance.values()} <= known
    assert {"kind", "title"} <= title.provenance.keys()


@pytest.mark.parametrize(
    ("name", "newer", "older"),
    [
        ("synopsis", PLOT, PLOT.upper()),
        ("runtime_minutes", 100, 90),
        ("countries", ("US",), ("FR",)),
        ("original_language", "en", "fr"),
    ],
)
def test_an_older_word_of_the_same_source_loses_in_either_order(name, newer, older):
    records = (
        said(platform="hulu", as_of=DAY_2023, **{name: newer}),
        said(platform="max", as_of=DAY_2022, **{name: older}),
    )

    assert getattr(fold(*records), name) == getattr(fold(*reversed(records)), name) == newer
