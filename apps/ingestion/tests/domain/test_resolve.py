"""Decisions on ids, likeness and doubt."""

from uuid import UUID

import pytest

from apps.content.contracts import CreditDraft, ExternalIdDraft, Kind, Role
from apps.ingestion.domain.resolve import Method, resolve
from apps.ingestion.tests.factories import PLOT, make_key, make_profile

ONE, TWO = UUID(int=1), UUID(int=2)
IMDB, OWN = ("imdb", "tt0000001"), ("justwatch", "tm1")


def known(source_id="tm9", **values):
    return make_profile(make_key(source_id, platform="hulu"), **values)


def arriving(*pairs, **values):
    return make_profile(external_ids=tuple(ExternalIdDraft(*pair) for pair in pairs), **values)


def test_nothing_like_it_is_new():
    decision = resolve(arriving(), {}, owners={})

    assert (decision.title_id, decision.method, decision.confidence) == (None, Method.NEW, 1.0)


def test_an_id_decides_although_title_and_year_changed():
    record = arriving(IMDB, title="Puerto", synopsis=PLOT, runtime_minutes=100)
    title = known(year=2001, synopsis=PLOT, runtime_minutes=100)

    decision = resolve(record, {ONE: title}, owners={IMDB: ONE})

    assert (decision.title_id, decision.method) == (ONE, Method.EXTERNAL_ID)
    assert decision.evidence["ids"] == ["imdb:tt0000001"]


def test_an_id_that_all_else_refutes_is_withheld_with_the_conflict():
    record = arriving(IMDB, title="Forgiven", year=2016, runtime_minutes=95)
    title = known(title="Forgiven", year=2020, kind=Kind.SERIES, runtime_minutes=50)

    decision = resolve(record, {ONE: title}, owners={IMDB: ONE})

    assert (decision.title_id, decision.method) == (None, Method.NEW)
    assert decision.withheld_ids == {IMDB}
    assert decision.evidence["conflicts"] == [
        {"id": "imdb:tt0000001", "title": str(ONE), "settled": "refuted by year, kind, length, people or text"}
    ]


def test_another_title_alone_refutes_no_id():
    record = arriving(IMDB, title="Taare Zameen Par", year=2007, runtime_minutes=162)
    title = known(title="Like Stars on Earth", year=2007, runtime_minutes=165)

    assert resolve(record, {ONE: title}, owners={IMDB: ONE}).title_id == ONE


def test_the_feeds_own_id_is_never_refuted():
    record = arriving(OWN, title="Puerto", year=1950)

    decision = resolve(record, {ONE: known()}, owners={OWN: ONE}, own_id_scheme="justwatch")

    assert (decision.title_id, decision.confidence) == (ONE, 1.0)


def test_between_two_ids_the_feeds_own_wins_and_the_other_is_withheld():
    record = arriving(OWN, IMDB)

    decision = resolve(
        record, {ONE: known(year=2001), TWO: known()}, owners={OWN: ONE, IMDB: TWO}, own_id_scheme="justwatch"
    )

    assert decision.title_id == ONE
    assert decision.withheld_ids == {IMDB}
    assert decision.evidence["conflicts"][0]["settled"] == "another id is likelier"


def test_between_two_foreign_ids_the_likelier_title_wins():
    other = ("tmdb_movie", "5")
    record = arriving(IMDB, other, runtime_minutes=100)
    candidates = {ONE: known(year=2001, runtime_minutes=120), TWO: known(runtime_minutes=100)}

    decision = resolve(record, candidates, owners={IMDB: ONE, other: TWO})

    assert decision.title_id == TWO
    assert decision.withheld_ids == {IMDB}


def test_an_id_of_a_title_that_is_not_ours_to_write_is_withheld():
    decision = resolve(arriving(IMDB), {}, owners={IMDB: ONE})

    assert decision.title_id is None
    assert decision.withheld_ids == {IMDB}


@pytest.mark.parametrize(
    ("values", "method"),
    [
        ({"synopsis": PLOT}, Method.TITLE_YEAR_SYNOPSIS),
        ({"people": (CreditDraft("Ana Roth", Role.DIRECTOR),)}, Method.TITLE_YEAR_PEOPLE),
        ({}, Method.TITLE_YEAR),
        ({"title": "Luces del puerto", "synopsis": PLOT, "runtime_minutes": 99}, Method.SYNOPSIS),
    ],
)
def test_the_method_names_what_told(values, method):
    shared = {name: value for name, value in values.items() if name != "title"}

    decision = resolve(arriving(**values), {ONE: known(**shared)}, owners={})

    assert (decision.title_id, decision.method) == (ONE, method)
    assert 0.5 < decision.confidence < 1.0
    assert decision.evidence["points"]["year"] == ["0 apart", 3.3]


def test_two_titles_too_close_to_call_make_a_new_one():
    candidates = {ONE: known(year=1998), TWO: known(year=2000)}

    decision = resolve(arriving(year=1999), candidates, owners={})

    assert (decision.title_id, decision.method) == (None, Method.NEW_AMBIGUOUS)
    assert decision.evidence["runner_up"]["title"] in {str(ONE), str(TWO)}


def test_beyond_doubt_the_better_of_two_is_taken():
    candidates = {ONE: known(synopsis=PLOT), TWO: known("tm8")}

    assert resolve(arriving(synopsis=PLOT), candidates, owners={}).title_id == ONE


def test_a_committed_id_of_a_known_title_is_that_title():
    decision = resolve(
        arriving(IMDB, title="Puerto"), {ONE: known(), TWO: known()}, owners={IMDB: TWO}, committed_id=ONE
    )

    assert (decision.title_id, decision.method) == (ONE, Method.COMMITTED_ID)
    assert decision.withheld_ids == {IMDB}


def test_a_near_miss_is_kept_as_evidence():
    decision = resolve(arriving(year=1960), {ONE: known()}, owners={})

    assert decision.evidence["nearest"] == str(ONE)
    assert decision.confidence > 0.9
