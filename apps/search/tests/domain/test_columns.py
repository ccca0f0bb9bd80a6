"""Columns, filters and facets against a plain loop over the documents."""

from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.columns import FOREVER, UNKNOWN, Document, DocumentOffer, empty_columns
from apps.search.domain.filters import Filters, facets, matching, permitted
from mediagateway.policy import Policy, effective_min_age

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOW_S = int(NOW.timestamp())

GENRES = ("drama", "horror", "comedy")
REGIONS = ("US", "GB")

offers = st.builds(
    DocumentOffer,
    platform=st.sampled_from(["netflix", "max"]),
    region=st.sampled_from(REGIONS),
    type=st.sampled_from(["subscription", "rent"]),
    quality=st.just("unknown"),
    price_minor=st.sampled_from([UNKNOWN, 199, 499]),
    currency=st.just("USD"),
    start_s=st.sampled_from([0, NOW_S + 1]),
    end_s=st.sampled_from([int(FOREVER), NOW_S]),
)


def document(number):
    """Make documents with this number."""
    return st.builds(
        Document,
        number=st.just(number),
        title_id=st.just(UUID(int=number)),
        is_live=st.booleans(),
        kind=st.sampled_from(["movie", "series"]),
        year=st.sampled_from([UNKNOWN, 1999, 2005, 2021]),
        runtime_minutes=st.sampled_from([UNKNOWN, 30, 90]),
        popularity=st.just(0.5),
        rating=st.sampled_from([float("nan"), 4.5, 7.0, 9.0]),
        min_ages=st.dictionaries(st.sampled_from(REGIONS), st.sampled_from([None, 0, 13, 18])),
        labels=st.fixed_dictionaries({"genre": st.lists(st.sampled_from(GENRES), unique=True)}),
        offers=st.lists(offers, max_size=3),
    )


catalogues = st.integers(0, 6).flatmap(lambda size: st.tuples(*(document(number + 1) for number in range(size))))
policies = st.builds(
    Policy,
    region=st.sampled_from(["US", "GB", "FR"]),
    services=st.sets(st.sampled_from(["netflix", "max"])).map(frozenset),
    max_age=st.sampled_from([None, 0, 12, 13, 18]),
    allow_unrated=st.booleans(),
    blocked_genres=st.sets(st.sampled_from(GENRES), max_size=2).map(frozenset),
)
wanted = st.builds(
    Filters,
    kinds=st.sampled_from([(), ("movie",)]),
    genres=st.sampled_from([(), ("drama", "horror"), ("western",)]),
    exclude_genres=st.sampled_from([(), ("comedy",)]),
    platforms=st.sampled_from([(), ("netflix",)]),
    offer_types=st.sampled_from([(), ("rent",)]),
    my_services=st.booleans(),
    max_price_minor=st.sampled_from([None, 200]),
    currency=st.just("USD"),
    year_from=st.sampled_from([None, 2000]),
    year_to=st.sampled_from([None, 2010]),
    min_rating=st.sampled_from([None, 7.0]),
    runtime_max=st.sampled_from([None, 60]),
    max_maturity=st.sampled_from([None, 13]),
)


def stands(offer, region):
    """Say whether an offer can be used now."""
    return offer.region == region and offer.start_s <= NOW_S < offer.end_s


def fulfils(document, filters, policy):
    """Check one document by hand."""
    age = effective_min_age(document.min_ages, policy.region)
    offer_asked = filters.platforms or filters.offer_types or filters.my_services or filters.max_price_minor is not None
    return all(
        (
            not filters.kinds or document.kind in filters.kinds,
            not filters.genres or set(filters.genres) & set(document.labels["genre"]),
            not set(filters.exclude_genres) & set(document.labels["genre"]),
            filters.year_from is None or document.year >= filters.year_from,
            filters.year_to is None or UNKNOWN < document.year <= filters.year_to,
            filters.min_rating is None or document.rating >= filters.min_rating,
            filters.runtime_max is None or UNKNOWN < document.runtime_minutes <= filters.runtime_max,
            filters.max_maturity is None or (age is not None and age <= filters.max_maturity),
            not offer_asked
            or any(
                stands(offer, policy.region)
                and (not filters.platforms or offer.platform in filters.platforms)
                and (not filters.my_services or offer.platform in policy.services)
                and (not filters.offer_types or offer.type in filters.offer_types)
                and (filters.max_price_minor is None or offer.price_minor <= filters.max_price_minor)
                for offer in document.offers
            ),
        )
    )


@given(catalogues, catalogues, policies, wanted)
def test_masks_and_facets_equal_a_loop(before, after, policy, filters):
    """The second catalogue replaces documents of the first, so the follow-up snapshot is tested as well."""
    documents = {document.number: document for document in (*before, *after)}
    columns = empty_columns().apply(before, revision=1).apply(after, revision=2)

    mask = permitted(columns, policy) & matching(columns, filters, policy, NOW)

    expected = [
        document
        for document in documents.values()
        if document.is_live
        and policy.permits(min_ages=document.min_ages, genres=document.labels["genre"])
        and fulfils(document, filters, policy)
    ]
    assert set(columns.numbers[mask].tolist()) == {document.number for document in expected}
    counted = facets(columns, mask, region=policy.region, now=NOW)
    for genre in GENRES:
        assert counted["genre"].get(genre, 0) == sum(genre in document.labels["genre"] for document in expected)
    for platform in ("netflix", "max"):
        assert counted["platform"].get(platform, 0) == sum(
            any(offer.platform == platform and stands(offer, policy.region) for offer in document.offers)
            for document in expected
        )
    assert sum(counted["kind"].values()) == len(expected)
    assert sum(counted["rating"].values()) == sum(document.rating == document.rating for document in expected)
    assert counted["decade"].get("2000s", 0) == sum(document.year == 2005 for document in expected)


def test_slots_of_skips_numbers_that_the_snapshot_does_not_know_yet():
    columns = empty_columns().apply([Document(3, UUID(int=3), is_live=True, kind="movie")], revision=1)

    slots, known = columns.slots_of(np.array([9, 3, 1]))

    assert slots.tolist() == [0]
    assert known.tolist() == [False, True, False]


def test_numbers_that_do_not_grow_are_refused():
    columns = empty_columns().apply([Document(3, UUID(int=3), is_live=True, kind="movie")], revision=1)

    with pytest.raises(ValueError, match="only grow"):
        columns.apply([Document(2, UUID(int=2), is_live=True, kind="movie")], revision=2)
