"""Namesakes and respellings: pairs that must come out as one work, and pairs that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.contracts import CreditDraft, ExternalIdDraft, Kind, Role
from apps.ingestion.domain.resolve import ACCEPT_FROM
from apps.ingestion.domain.similarity import compare
from apps.ingestion.tests.factories import PLOT, make_key, make_profile

OTHER_PLOT = "Penguin butler Osvaldo waltzes marmalade tigers through Antarctica until blizzards strand everyone."


def kaggle(source_id="s1", *, platform="netflix", **values):
    return make_profile(make_key(source_id, source="kaggle-csv", platform=platform), **values)


def justwatch(source_id="tm1", *, platform="max", **values):
    return make_profile(make_key(source_id, platform=platform), **values)


def directed_by(*names):
    return tuple(CreditDraft(name, Role.DIRECTOR) for name in names)


def played_by(*names):
    return tuple(CreditDraft(name, Role.ACTOR) for name in names)


ONE_WORK = {
    "same title and year": (kaggle(), justwatch()),
    "the same text about a film whose year was mended": (
        justwatch(year=1967, synopsis=PLOT), justwatch(platform="netflix", year=1979, synopsis=PLOT),
    ),
    "a series by its first and by its fourth season": (
        kaggle(kind=Kind.SERIES, year=2019, is_year_bound=True, seasons=(None,) * 4, synopsis=PLOT),
        justwatch(platform="netflix", kind=Kind.SERIES, year=2016, seasons=(None,) * 5, synopsis=OTHER_PLOT),
    ),
    "a film listed years after its release": (
        kaggle(platform="prime_video", year=2007, is_year_bound=True, runtime_minutes=93),
        justwatch(platform="prime_video", year=1999, runtime_minutes=93),
    ),
    "a brand before the name": (
        kaggle(title="Disney Harbour Lights", runtime_minutes=91), justwatch(runtime_minutes=91),
    ),
    "a subtitle that one list leaves out": (
        kaggle(title="Harbour Lights: Summer", spellings=("Harbour Lights",), runtime_minutes=91, synopsis=PLOT),
        justwatch(platform="netflix", runtime_minutes=91, synopsis=PLOT),
    ),
    "a title in another language with the same text": (
        kaggle(title="Luces del puerto", runtime_minutes=91, synopsis=PLOT),
        justwatch(platform="netflix", runtime_minutes=92, synopsis=PLOT),
    ),
    "a dub listed beside the original": (
        kaggle("s1", synopsis=PLOT, runtime_minutes=150, people=directed_by("Ana Roth")),
        kaggle("s2", synopsis=PLOT, runtime_minutes=150, people=directed_by("Ana Roth")),
    ),
    "a director spelled with another initial": (
        kaggle("s1", people=directed_by("Edgar G. Ulmer"), runtime_minutes=70),
        kaggle("s2", platform="hulu", people=directed_by("Edgar J. Ulmer"), runtime_minutes=71),
    ),
    "a number that one list leaves out": (
        kaggle(title="Harbour Lights 4: The Long Return", runtime_minutes=91),
        justwatch(title="Harbour Lights: The Long Return", runtime_minutes=92),
    ),
    "an episode behind the subtitle or before it": (
        kaggle(title="Harbour Lights: The Long Return (Episode V)", runtime_minutes=127,
               people=directed_by("Ana Roth")),
        justwatch(title="Harbour Lights: Episode V – The Long Return", runtime_minutes=124,
                  people=directed_by("Ana Roth")),
    ),
    "the same words in another order": (
        kaggle(title="Ana Roth: Harbour Lights", runtime_minutes=60), justwatch(title="Harbour Lights - Ana Roth",
                                                                                runtime_minutes=61),
    ),
}  # fmt: skip

TWO_WORKS = {
    "a remake": (justwatch(year=1960, runtime_minutes=96), kaggle(year=1993, runtime_minutes=121)),
    "a film and the series made of it": (
        kaggle(kind=Kind.SERIES, year=2006, people=played_by("Ana Roth", "Bo Lind")),
        justwatch(year=2004, people=played_by("Ana Roth", "Bo Lind")),
    ),
    "namesakes of one year in one list": (
        justwatch("tm1", year=2015, runtime_minutes=126, synopsis=PLOT),
        justwatch("tm2", year=2015, runtime_minutes=78, synopsis=OTHER_PLOT),
    ),
    "namesakes of one year on two platforms, told in other words": (
        justwatch("tm1", platform="hulu", title="Alone", runtime_minutes=98, synopsis=PLOT),
        justwatch("tm2", title="Alone", runtime_minutes=92, synopsis=OTHER_PLOT),
    ),
    "another director": (
        kaggle(people=directed_by("Ana Roth"), runtime_minutes=90, title="Gone"),
        kaggle("s2", platform="hulu", people=directed_by("Bo Lind"), runtime_minutes=95, title="Gone"),
    ),
    "a sequel by the same people": (
        kaggle("s1", title="Harbour Lights: The Return", spellings=("Harbour Lights",), year=2001,
               people=directed_by("Ana Roth") + played_by("Bo Lind", "Cy Moe"), runtime_minutes=100),
        kaggle("s2", people=directed_by("Ana Roth") + played_by("Bo Lind", "Cy Moe"), runtime_minutes=101),
    ),
    "a part with another number": (
        kaggle("s1", title="Harbour Lights 2", spellings=("Harbour Lights",), synopsis=PLOT),
        kaggle("s2", spellings=("Harbour Lights",), synopsis=PLOT),
    ),
    "two parts with one subtitle": (
        kaggle("s1", title="Harbour Lights 2: The Long Return", runtime_minutes=91),
        justwatch(title="Harbour Lights 3: The Long Return", runtime_minutes=91),
    ),
    "namesakes by the same words": (
        kaggle("s1", title="Lock the Harbour, Light the Sea", runtime_minutes=91, year=2010),
        justwatch(title="Light the Harbour, Lock the Sea", runtime_minutes=112, year=2011),
    ),
    "another cut": (
        justwatch("tm1", edition="extended", synopsis=PLOT, runtime_minutes=208),
        justwatch("tm2", platform="netflix", synopsis=PLOT, runtime_minutes=178),
    ),
    "a trailer": (
        kaggle("s1", title="Harbour Lights: World Premiere", spellings=("Harbour Lights",), kind=Kind.SHORT,
               runtime_minutes=5, people=directed_by("Ana Roth")),
        justwatch(runtime_minutes=123, people=directed_by("Ana Roth")),
    ),
    "collections with one boilerplate text": (
        kaggle("s1", title="Bath Song & More", synopsis=PLOT, runtime_minutes=30),
        kaggle("s2", title="Jack and Jill & More", synopsis=PLOT, runtime_minutes=31),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE_WORK.values(), ids=ONE_WORK.keys())
def test_one_work_is_recognised(one, other):
    comparison = compare(one, other)

    assert comparison.score >= ACCEPT_FROM, comparison.points


@pytest.mark.parametrize(("one", "other"), TWO_WORKS.values(), ids=TWO_WORKS.keys())
def test_two_works_are_told_apart(one, other):
    comparison = compare(one, other)

    assert comparison.score < ACCEPT_FROM, comparison.points


def test_other_ids_of_one_scheme_speak_against():
    one = justwatch(external_ids=(ExternalIdDraft("imdb", "tt0000001"),))
    same = justwatch("tm2", platform="hulu", external_ids=(ExternalIdDraft("imdb", "tt0000001"),))
    other = justwatch("tm3", platform="hulu", external_ids=(ExternalIdDraft("imdb", "tt0000002"),))

    assert compare(one, other).score < compare(one, same).score


records = st.builds(
    kaggle,
    title=st.sampled_from(["Gone", "Gone Home", "The Gone", "Gone 2"]),
    year=st.none() | st.integers(1990, 2000),
    is_year_bound=st.booleans(),
    runtime_minutes=st.none() | st.integers(60, 120),
    kind=st.sampled_from([Kind.MOVIE, Kind.SERIES]),
    synopsis=st.sampled_from(["", PLOT, OTHER_PLOT]),
    countries=st.sampled_from([(), ("US",), ("US", "FR"), ("JP",)]),
)


@given(records, records)
def test_it_does_not_matter_which_of_two_records_came_first(one, other):
    assert compare(one, other).score == compare(other, one).score
