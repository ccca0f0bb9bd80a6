"""What titles are called beside their names: a table that names each title once, and how its lines are found."""

import json
from collections import Counter
from pathlib import Path

import pytest

from apps.search.domain import nicknames
from apps.search.domain.analysis import fold

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def table():
    path = Path(nicknames.__file__).with_suffix(".jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_title_stands_once(table):
    counted = Counter((fold(row["title"]), row["year"]) for row in table)

    assert [title for title, times in counted.items() if times > 1] == []


def test_each_name_is_another(table):
    for row in table:
        folded = [fold(name) for name in (row["title"], *row["names"])]
        assert len(folded) > 1, row
        assert all(folded), row
        assert len({*folded}) == len(folded), row


def test_a_year_more_or_less_is_the_same_title():
    assert "Madeo" in nicknames.nicknames_of("mother", 2009)
    assert "Madeo" in nicknames.nicknames_of("Mother", 2010)


@pytest.mark.parametrize("year", [2011, 1996, None])
def test_a_namesake_is_another_title(year):
    assert nicknames.nicknames_of("Mother", year) == ()
