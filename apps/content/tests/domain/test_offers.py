"""The fold of claims and its history."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.domain.offers import (
    Claim,
    OfferTerms,
    compute_versions,
    digest_terms,
    dump_details,
    fold_claims,
    load_terms,
    name_offer,
)
from apps.content.domain.timeline import Interval
from apps.content.domain.vocabulary import OfferType, Quality

_RANKS = {"editorial": 10, "wikidata": 20, "justwatch-csv": 30, "kaggle-csv": 40}


def _day(number: int) -> datetime:
    return datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=number)


_languages = st.lists(st.sampled_from(("en", "de", "pt-BR")), max_size=2).map(tuple)
_terms = st.builds(
    OfferTerms,
    type=st.just(OfferType.RENT),
    quality=st.just(Quality.HD),
    window_start=st.none() | st.just(_day(0)),
    window_end=st.none() | st.just(_day(9)),
    price_minor=st.integers(0, 2),
    currency=st.just("USD"),
    audio_languages=_languages,
    subtitle_languages=_languages,
    native_id=st.sampled_from(("", "a", "b")),
    basis=st.sampled_from(("", "platform original")),
    confidence=st.sampled_from((0.5, 1.0)),
)


@st.composite
def _claims(draw, /, **sizes):
    claims = []
    for source, terms in draw(st.lists(st.tuples(st.sampled_from(sorted(_RANKS)), _terms), **sizes)):
        start = draw(st.integers(0, 8))
        end = draw(st.none() | st.integers(start + 1, 9))
        span = Interval(_day(start), None if end is None else _day(end))
        claims.append(Claim(source, _RANKS[source], digest_terms(terms), terms, (span,)))
    return claims


def _claim(source: str, **terms: Any) -> Claim:
    stated = OfferTerms(type=OfferType.SUBSCRIPTION, **terms)
    return Claim(source, _RANKS[source], digest_terms(stated), stated, (Interval(_day(0), None),))


def test_the_lower_rank_wins_what_both_state():
    """Editors are believed before feeds."""
    details = fold_claims([_claim("kaggle-csv", native_id="k"), _claim("editorial", native_id="e")])

    assert (details.source, details.native_id) == ("editorial", "e")


def test_silence_hides_nothing():
    """A detail that the better source leaves open comes from the next one."""
    details = fold_claims(
        [_claim("editorial"), _claim("kaggle-csv", native_id="k", audio_languages=("ja",), window_end=_day(5))]
    )

    assert (details.source, details.native_id, details.audio_languages) == ("editorial", "k", ("ja",))
    assert details.window_end == _day(5)


def test_agreement_does_not_weaken():
    """The surest claim sets the confidence."""
    assert fold_claims([_claim("editorial", confidence=0.6), _claim("kaggle-csv", confidence=0.9)]).confidence == 0.9


@given(_claims(min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(claims, order):
    """The fold and the history are the same for every order."""
    snapshots = {source: [_day(number) for number in range(10)] for source in _RANKS}
    folded, versions = fold_claims(claims), compute_versions(claims, snapshots=snapshots)
    order.shuffle(claims)

    assert fold_claims(claims) == folded
    assert compute_versions(claims, snapshots=snapshots) == versions


@given(_claims(max_size=5))
def test_versions_tell_every_moment_s_fold(claims):
    """At each moment the one version that covers it holds the fold of the claims that stand, and neighbours differ."""
    versions = compute_versions(claims, snapshots={source: [_day(n) for n in range(10)] for source in _RANKS})

    for moment in map(_day, range(11)):
        standing = [claim for claim in claims if any(span.covers(moment) for span in claim.intervals)]
        covering = [version for version in versions if version.known.covers(moment)]
        assert [version.details for version in covering] == ([fold_claims(standing)] if standing else [])
        assert all(version.first_seen <= version.known.start for version in covering)
    for earlier, later in pairwise(versions):
        if earlier.known.end == later.known.start:
            assert earlier.details != later.details
            assert earlier.first_seen == later.first_seen
        else:
            assert later.first_seen == later.known.start


@pytest.mark.parametrize(
    ("end", "expected"),
    [pytest.param(None, 7, id="still believed"), pytest.param(5, 3, id="until the source fell silent")],
)
def test_an_offer_was_last_verified_by_the_last_snapshot_that_says_so(end, expected):
    """The snapshot that ends a claim does not verify it."""
    terms = OfferTerms(type=OfferType.FREE)
    span = Interval(_day(1), None if end is None else _day(end))
    claim = Claim("editorial", 10, digest_terms(terms), terms, (span,))

    (version,) = compute_versions([claim], snapshots={"editorial": [_day(1), _day(3), _day(5), _day(7)]})

    assert version.last_verified == _day(expected)


@given(_terms)
def test_terms_survive_storage(terms):
    """What is dumped to JSON loads as equal terms with an equal digest."""
    loaded = load_terms(name_offer(terms), dump_details(terms))

    assert loaded == terms
    assert digest_terms(loaded) == digest_terms(terms)


@given(_terms, _terms)
def test_digests_tell_terms_apart(one, other):
    """Equal digests mean equal terms, and the other way round."""
    assert (digest_terms(one) == digest_terms(other)) == (one == other)


def test_one_instant_has_one_digest():
    """The zone in which a source writes its times does not make other terms."""
    zoned = OfferTerms(type=OfferType.FREE, window_start=_day(1).astimezone(timezone(timedelta(hours=9))), confidence=1)

    assert digest_terms(zoned) == digest_terms(OfferTerms(type=OfferType.FREE, window_start=_day(1)))
