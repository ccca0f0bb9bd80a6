"""
Constraints, totals and facets, checked by an oracle that knows nothing of the index (`apps.search.tests.oracle`).

Random queries come from fixed seeds: every run asks the same.
"""

import logging
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from apps.search.tests import oracle
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db
#: `pytest --log-cli-level=info` shows the figures.
_log = logging.getLogger(__name__)


class Catalogue:
    """Titles at random, and who asks for them."""

    def __init__(self, random, count):
        self.now = timezone.now()
        oracle.fill_catalogue(random, count, self.now)
        self.rows = oracle.read_rows()

    def expected(self, text, asked, policy):
        """Ids of what a search by words that say nothing of conditions has to find."""
        return {
            title_id
            for title_id, row in self.rows.items()
            if oracle.is_permitted(row, policy) and text in row.words and oracle.fulfils(row, asked, policy, self.now)
        }


def flatten(asked):
    """Write filters as query parameters."""
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value).lower() if value is True else value
        for name, value in asked.items()
    }


def find_all(get, **parameters):
    """Go through all pages: ids, and the first page's body."""
    first = get(limit=100, **parameters)
    assert first.status_code == 200, first.content
    body, ids = first.json(), []
    page = body
    while True:
        ids += [item["id"] for item in page["items"]]
        if not page["has_more"]:
            return ids, body
        page = get(limit=100, cursor=page["next_cursor"], **parameters).json()


def some(random, values):
    return tuple(random.sample(values, random.randrange(1, 3)))


def make_filters(random):
    """Ask for up to five things at random."""
    year, runtime, rating = random.randrange(1965, 2025), random.randrange(20, 200), random.randrange(21) / 2
    choices = [
        {"kind": some(random, oracle.KINDS)},
        {"genres": some(random, oracle.GENRES)},
        {"exclude_genres": some(random, oracle.GENRES)},
        {"platforms": some(random, oracle.PLATFORMS)},
        {"offer_types": some(random, oracle.OFFER_TYPES)},
        {"my_services": True},
        {"max_price": random.choice([0, 199, 400]), "currency": random.choice(["USD", "GBP"])},
        {"year_from": year},
        {"year_to": year},
        {"runtime_min": runtime},
        {"runtime_max": runtime},
        {"rating_min": rating},
        {"rating_max": rating},
        {"languages": some(random, oracle.LANGUAGES)},
        {"countries": some(random, oracle.COUNTRIES)},
        {"max_maturity": random.choice([0, 7, 13, 18])},
    ]
    asked: dict[str, Any] = {}
    for choice in random.sample(choices, random.randrange(6)):
        asked |= choice
    lows = (("year_from", "year_to"), ("runtime_min", "runtime_max"), ("rating_min", "rating_max"))
    for low, high in lows:
        if low in asked and high in asked and asked[low] > asked[high]:
            asked[low], asked[high] = asked[high], asked[low]
    return asked


def test_totals_and_facets_of_200_random_searches_are_what_counting_gives(client, api, child_api):
    random = Random(20261126)
    catalogue = Catalogue(random, 120)
    assert api.put("user/subscriptions", {"platforms": ["netflix", "tubi"]}).status_code == 200
    assert api.put("user/parental-controls", {"max_age": 10, "blocked_genres": ["horror"]}).status_code == 200
    services = frozenset({"netflix", "tubi"})
    callers = {
        "nobody": (lambda **query: client.get("/api/v1/search", query), Policy("US")),
        "nobody in Britain": (lambda **query: client.get("/api/v1/search", {**query, "region": "GB"}), Policy("GB")),
        "household": (lambda **query: api.get("search", data=query), Policy("US", services)),
        "child": (
            lambda **query: child_api.get("search", data=query),
            Policy("US", services, max_age=10, blocked_genres=frozenset({"horror"})),
        ),
    }
    sizes = []

    for number in range(200):
        who = random.choice(tuple(callers))
        get, policy = callers[who]
        text, asked = random.choice(("star", "star", *oracle.WORDS)), make_filters(random)
        what = f"search {number}: {who} asks {text!r} with {asked}"
        expected = catalogue.expected(text, asked, policy)

        ids, body = find_all(get, q=text, **flatten(asked))

        assert set(ids) == expected, what
        assert len(ids) == len(expected) == body["total"], what
        counted = oracle.count_facets([catalogue.rows[each] for each in ids], policy.region, catalogue.now)
        assert body["facets"] == counted, what
        sizes.append(len(ids))

    # The proof is worth something only while the sets are not all empty.
    assert sum(size > 0 for size in sizes) > 120


#: Words for a constraint -> the chip that they are to become, and what it asks for.
LEADS = {
    "movies": ("kind:movie", {"kind": ("movie",)}),
    "films": ("kind:movie", {"kind": ("movie",)}),
    "shows": ("kind:series", {"kind": ("series",)}),
    "series": ("kind:series", {"kind": ("series",)}),
}
GENRE_WORDS = {
    "horror": "horror",
    "comedy": "comedy",
    "animated": "animation",
    "documentary": "documentary",
    "thriller": "thriller",
    "western": "western",
}
PLACES = {"french": "FR", "japanese": "JP", "korean": "KR", "italian": "IT"}
TIMES = {
    "from the 80s": ("years:1980-1989", {"year_from": 1980, "year_to": 1989}),
    "from the nineties": ("years:1990-1999", {"year_from": 1990, "year_to": 1999}),
    "before 1990": ("years:-1989", {"year_to": 1989}),
    "after 2000": ("years:2001-", {"year_from": 2001}),
    "since 2010": ("years:2010-", {"year_from": 2010}),
    "between 1975 and 1995": ("years:1975-1995", {"year_from": 1975, "year_to": 1995}),
}
LENGTHS = {
    "under two hours": ("runtime_max:120", {"runtime_max": 120}),
    "under 90 minutes": ("runtime_max:90", {"runtime_max": 90}),
    "shorter than 1.5 hours": ("runtime_max:90", {"runtime_max": 90}),
    "over 100 minutes": ("runtime_min:100", {"runtime_min": 100}),
}
SHELVES = {
    **{f"on {name}": (f"platform:{name}", {"platforms": (name,)}) for name in oracle.PLATFORMS},
    "for free": ("price:free", {"offer_types": ("free", "ads")}),
}
AUDIENCES = {
    "for kids": ("audience:7", {"max_maturity": 7}),
    "for a 10 year old": ("audience:10", {"max_maturity": 10}),
    "for teens": ("audience:13", {"max_maturity": 13}),
}
NEGATIONS = {
    "no horror": ("not_genre:horror", {"exclude_genres": ("horror",)}),
    "not animated": ("not_genre:animation", {"exclude_genres": ("animation",)}),
    "but no musicals": ("not_genre:musical", {"exclude_genres": ("musical",)}),
    "no westerns": ("not_genre:western", {"exclude_genres": ("western",)}),
    "not in english": ("not_language:en", {"exclude_languages": ("en",)}),
    "not on netflix": ("not_platform:netflix", {"exclude_platforms": ("netflix",)}),
    "not on hulu": ("not_platform:hulu", {"exclude_platforms": ("hulu",)}),
}


def make_query(random):
    """Say one to six constraints in words: the text, and what each is to become."""
    said, meant = [], {}

    def say(words, chip, asks):
        said.append(words)
        meant[chip] = asks

    if random.random() < 0.4:
        place = random.choice(tuple(PLACES))
        say(place, f"country:{PLACES[place]}", {"countries": (PLACES[place],)})
    genre = random.choice(tuple(GENRE_WORDS)) if random.random() < 0.6 else ""
    if genre:
        say(genre, f"genre:{GENRE_WORDS[genre]}", {"genres": (GENRE_WORDS[genre],)})
    lead = random.choice(tuple(LEADS))
    say(lead, *LEADS[lead])
    for phrases, share in ((TIMES, 0.4), (LENGTHS, 0.35), (SHELVES, 0.35), (AUDIENCES, 0.25), (NEGATIONS, 0.5)):
        if random.random() < share:
            words = random.choice(tuple(phrases))
            chip, asks = phrases[words]
            # To want and not to want one thing is no question.
            if chip.removeprefix("not_") not in meant:
                say(words, chip, asks)
    return " ".join(said), meant


def check_queries(client, catalogue, random, count):
    """
    Ask generated queries, with an explicit filter beside half of them, and give how often what was meant was read.

    Nothing that is found may break the filter, what was read from the text and not said to have given way, or an
    exclusion, read or given way: those never do.
    """
    policy, meant_in_all, read_in_all, found_in_all = Policy("US"), 0, 0, 0
    missed = set()
    for number in range(count):
        text, meant = make_query(random)
        given = make_filters(random) if random.random() < 0.5 else {}
        given.pop("my_services", None)

        ids, body = find_all(lambda **query: client.get("/api/v1/search", query), q=text, **flatten(given))

        states = {chip["id"]: chip["state"] for chip in body["parsed"]["chips"] if chip["strength"] == "hard"}
        relaxed = {each["constraint"] for each in body["parsed"]["relaxed"]}
        read = {chip for chip in meant if chip in states}
        missed |= {(chip, text) for chip in meant.keys() - read}
        for title_id in ids:
            row = catalogue.rows[title_id]
            assert oracle.fulfils(row, given, policy, catalogue.now), (number, text, given, row)
            for chip in read:
                if states[chip] == "relaxed":
                    assert chip in relaxed, (number, text, chip)
                    assert not chip.startswith(("not_", "audience")), (number, text, chip)
                    continue
                assert oracle.fulfils(row, meant[chip], policy, catalogue.now), (number, text, chip, row)
        meant_in_all += len(meant)
        read_in_all += len(read)
        found_in_all += len(ids)
    assert found_in_all > count
    _log.info(
        "%d queries, %d constraints, %d of them read, %d titles checked", count, meant_in_all, read_in_all, found_in_all
    )
    return read_in_all / meant_in_all, sorted(missed)


def test_constraints_in_words_are_read_and_none_is_violated(client):
    random = Random(1)

    recall, missed = check_queries(client, Catalogue(random, 80), random, 60)

    assert recall >= 0.98, missed


@pytest.mark.slow
def test_1000_generated_constraint_queries_violate_nothing(client):
    random = Random(2)

    recall, missed = check_queries(client, Catalogue(random, 300), random, 1000)

    _log.info("parse recall %.4f, missed: %s", recall, missed[:40])
    assert recall >= 0.98, missed[:40]
