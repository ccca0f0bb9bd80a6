"""Listings become offers: what is current, what was known when, and that the order of arrival does not matter."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.api import apply_snapshot
from apps.content.contracts import OfferTerms, OfferType, Quality, SnapshotKey, TitleId
from apps.content.errors import InvalidDraftError
from apps.content.models import Offer, OfferClaim, OfferSnapshot, Title
from apps.content.tests.factories import TitleAliasFactory, TitleFactory
from mediagateway.models import OutboxEvent

pytestmark = pytest.mark.django_db

_DAY_ONE = datetime(2022, 1, 1, tzinfo=UTC)
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_SUBSCRIPTION = OfferTerms(type=OfferType.SUBSCRIPTION)
_fresh_sha = (f"{number:064}" for number in count())


def _day(number: int) -> datetime:
    return _DAY_ONE + timedelta(days=number - 1)


def _list(*titles, day, source="justwatch-csv", platform="netflix", region="US", terms=_SUBSCRIPTION, sha=None):
    key = SnapshotKey(source=source, platform=platform, region=region, as_of=_day(day))
    claims = [(title.id, terms) for title in titles]
    return apply_snapshot(key, claims, content_sha256=sha or next(_fresh_sha), at=_AT)


def _known(title) -> list[tuple[datetime, datetime | None]]:
    return list(Offer.objects.filter(title=title).order_by("known_from").values_list("known_from", "superseded_at"))


def test_a_listing_opens_offers():
    """What the first listing names is offered from its time on."""
    title = TitleFactory.create()

    report = _list(title, day=1)

    assert (report.opened, report.closed, report.changed, report.unchanged) == (1, 0, 0, 0)
    assert not report.historical
    offer = Offer.objects.get()
    assert (offer.title_id, offer.type, offer.source_id) == (title.id, "subscription", "justwatch-csv")
    assert (offer.known_from, offer.first_seen, offer.last_verified) == (_day(1), _day(1), _day(1))
    assert offer.superseded_at is None


def test_absence_from_the_next_listing_closes():
    """A title that left is no longer offered, and stays known for the time in between."""
    stays, leaves = TitleFactory.create(), TitleFactory.create()
    _list(stays, leaves, day=1)

    report = _list(stays, day=5)

    assert (report.opened, report.closed, report.changed, report.unchanged) == (0, 1, 0, 1)
    assert _known(leaves) == [(_day(1), _day(5))]
    assert _known(stays) == [(_day(1), None)]
    assert Offer.objects.get(title=stays).last_verified == _day(5)
    assert Offer.objects.get(title=leaves).last_verified == _day(1)


def test_a_title_that_comes_back_has_a_gap_in_its_history():
    """Two stays are two rows, and the second one is first seen anew."""
    title = TitleFactory.create()
    _list(title, day=1)
    _list(day=2)

    _list(title, day=3)

    assert _known(title) == [(_day(1), _day(2)), (_day(3), None)]
    assert Offer.objects.get(superseded_at=None).first_seen == _day(3)


def test_an_older_listing_changes_nothing_current():
    """A listing from the past may lengthen what was known, never what is offered."""
    stays, left, never = TitleFactory.create(), TitleFactory.create(), TitleFactory.create()
    _list(stays, day=10)
    current = Offer.objects.get().id

    report = _list(stays, left, day=5)

    assert (report.opened, report.closed, report.changed, report.unchanged) == (0, 0, 0, 1)
    assert report.historical
    assert _known(stays) == [(_day(5), None)]
    assert _known(left) == [(_day(5), _day(10))]
    assert _known(never) == []
    assert Offer.objects.get(superseded_at=None).id == current


def test_an_older_listing_without_a_title_splits_its_history():
    """A gap learned later is a gap, and the current row stays the same row."""
    title = TitleFactory.create()
    _list(title, day=1)
    _list(title, day=9)

    _list(day=5)

    assert _known(title) == [(_day(1), _day(5)), (_day(9), None)]


def test_the_same_listing_again_does_nothing():
    """Same content at the same time: no row, no version and no event changes."""
    title = TitleFactory.create()
    _list(title, day=1, sha="f" * 64)
    events, version = OutboxEvent.objects.count(), Title.objects.get().version

    report = _list(title, day=1, sha="f" * 64)

    assert (report.opened, report.closed, report.changed, report.unchanged) == (0, 0, 0, 1)
    assert OutboxEvent.objects.count() == events
    assert Title.objects.get().version == version


def test_a_corrected_listing_replaces_what_it_said():
    """Other content at the same time corrects that time, and nothing else."""
    wrong, right = TitleFactory.create(), TitleFactory.create()
    _list(wrong, day=1)

    report = _list(right, day=1)

    assert (report.opened, report.closed) == (1, 1)
    assert _known(wrong) == []
    assert _known(right) == [(_day(1), None)]
    assert OfferSnapshot.objects.count() == 1


def test_absence_closes_only_what_the_same_source_said():
    """An offer stands while any source claims it."""
    title = TitleFactory.create()
    _list(title, day=1, source="editorial")
    _list(title, day=2, source="kaggle-csv")

    report = _list(day=3, source="kaggle-csv")

    assert (report.closed, report.unchanged) == (0, 1)
    assert _known(title) == [(_day(1), None)]


@pytest.mark.parametrize("elsewhere", [{"platform": "hulu"}, {"region": "GB"}], ids=["platform", "region"])
def test_shelves_are_apart(elsewhere):
    """A listing speaks of its own platform and region only."""
    title = TitleFactory.create()
    _list(title, day=1)

    _list(day=2, **elsewhere)

    assert _known(title) == [(_day(1), None)]


def test_the_better_source_gives_the_details_and_others_fill_the_gaps():
    """Rank decides each detail among the sources that state it."""
    title = TitleFactory.create()
    _list(title, day=1, source="kaggle-csv", terms=OfferTerms(type=OfferType.ADS, native_id="80057281", confidence=0.7))

    report = _list(
        title,
        day=2,
        source="editorial",
        terms=OfferTerms(type=OfferType.ADS, basis="platform original", confidence=0.9),
    )

    assert report.changed == 1
    offer = Offer.objects.get(superseded_at=None)
    assert (offer.source_id, offer.basis, offer.native_id, offer.confidence) == (
        "editorial",
        "platform original",
        "80057281",
        0.9,
    )
    assert _known(title) == [(_day(1), _day(2)), (_day(2), None)]
    assert offer.first_seen == _day(1)


def test_a_price_change_keeps_the_old_price_known():
    """A change closes one version of the offer and opens the next."""
    title = TitleFactory.create()
    rent = OfferTerms(type=OfferType.RENT, quality=Quality.HD, price_minor=399, currency="USD")
    _list(title, day=1, terms=rent)

    report = _list(
        title, day=2, terms=OfferTerms(type=OfferType.RENT, quality=Quality.HD, price_minor=299, currency="USD")
    )

    assert (report.opened, report.closed, report.changed) == (0, 0, 1)
    prices = Offer.objects.order_by("known_from").values_list("price_minor", "superseded_at")
    assert list(prices) == [(399, _day(2)), (299, None)]


def test_changed_titles_are_announced_once():
    """Version and event follow a change of offers; titles without one are left alone."""
    stays, leaves = TitleFactory.create(), TitleFactory.create()
    _list(stays, leaves, day=1)
    OutboxEvent.objects.all().delete()

    _list(stays, day=2)

    assert OutboxEvent.objects.get().payload == {"ids": [str(leaves.id)]}
    assert Title.objects.get(id=stays.id).version == 2
    assert Title.objects.get(id=leaves.id).version == 3


def test_a_merged_id_means_its_survivor():
    """Feeds may still know the id that was merged away."""
    alias = TitleAliasFactory.create()
    key = SnapshotKey(source="editorial", platform="netflix", region="US", as_of=_day(1))

    apply_snapshot(key, [(TitleId(alias.id), _SUBSCRIPTION)], content_sha256="0" * 64, at=_AT)

    assert Offer.objects.get().title_id == alias.title_id


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param(OfferTerms(type=OfferType.RENT), id="rent without price"),
        pytest.param(OfferTerms(type=OfferType.BUY, price_minor=999), id="price without currency"),
        pytest.param(OfferTerms(type=OfferType.FREE, price_minor=0, currency="USD"), id="price where nothing is paid"),
        pytest.param(OfferTerms(type=OfferType.FREE, confidence=1.5), id="confidence above one"),
        pytest.param(OfferTerms(type=OfferType.FREE, window_start=_day(2), window_end=_day(1)), id="window backwards"),
    ],
)
def test_impossible_terms_are_refused(terms):
    """What the table could not hold is a domain error, and nothing is written."""
    title = TitleFactory.create()

    with pytest.raises(InvalidDraftError):
        _list(title, day=1, terms=terms)

    assert not OfferSnapshot.objects.exists()


@pytest.mark.parametrize(
    "place", [{"platform": "betamax"}, {"source": "hearsay"}, {"region": "usa"}], ids=["platform", "source", "region"]
)
def test_unknown_places_are_refused(place):
    """A listing of nowhere, by nobody, is refused by name."""
    with pytest.raises(InvalidDraftError):
        _list(day=1, **place)


def test_an_unknown_title_is_refused():
    """An offer needs its title."""
    title = TitleFactory.build()

    with pytest.raises(InvalidDraftError, match=str(title.id)):
        _list(title, day=1)


def test_statements_do_not_grow_with_the_listing():
    """Three titles and thirty cost the same, first listed and then gone."""
    costs = []
    for size, region in ((3, "US"), (30, "GB")):
        titles = TitleFactory.create_batch(size)
        with CaptureQueriesContext(connection) as captured:
            _list(*titles, day=1, region=region)
            _list(day=2, region=region)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 50


@contextmanager
def _forgotten():
    """Undo all writes of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


_TERMS = (
    OfferTerms(type=OfferType.FREE),
    OfferTerms(type=OfferType.FREE, native_id="x", confidence=0.5),
    OfferTerms(type=OfferType.RENT, price_minor=1, currency="USD"),
)
_listings = st.dictionaries(
    st.tuples(st.sampled_from(("editorial", "justwatch-csv", "kaggle-csv")), st.integers(1, 6)),
    st.frozensets(st.tuples(st.integers(0, 1), st.sampled_from(_TERMS))),
    max_size=8,
)


def _state():
    offers = Offer.objects.order_by("title_id", "type", "known_from")
    claims = OfferClaim.objects.order_by("source_id", "title_id", "terms_hash", "known_from")
    return (
        list(
            offers.values_list(
                *("title_id", "type", "known_from", "superseded_at", "source_id", "native_id", "confidence"),
                *("price_minor", "first_seen", "last_verified"),
            )
        ),
        list(claims.values_list("source_id", "title_id", "terms_hash", "known_from", "known_to")),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listings=_listings, order=st.randoms(use_true_random=False))
def test_listings_of_any_order_end_in_the_same_offers(listings, order):
    """Current offers, history, first seen and last verified depend on what was said, not on when it arrived."""
    with _forgotten():
        titles = TitleFactory.create_batch(2)

        def replay(keys):
            for source, day in keys:
                key = SnapshotKey(source=source, platform="netflix", region="US", as_of=_day(day))
                claims = [(titles[index].id, terms) for index, terms in listings[source, day]]
                apply_snapshot(key, claims, content_sha256=next(_fresh_sha), at=_AT)

        with _forgotten():
            replay(sorted(listings, key=lambda key: key[1]))
            expected = _state()
        shuffled = sorted(listings)
        order.shuffle(shuffled)
        replay(shuffled)

        assert _state() == expected
        replay(shuffled)
        assert _state() == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listings=_listings)
def test_what_is_current_is_what_the_newest_listings_say(listings):
    """The current offers are the union of each source's newest listing."""
    with _forgotten():
        titles = TitleFactory.create_batch(2)
        for (source, day), claims in listings.items():
            key = SnapshotKey(source=source, platform="netflix", region="US", as_of=_day(day))
            named = [(titles[index].id, terms) for index, terms in claims]
            apply_snapshot(key, named, content_sha256=next(_fresh_sha), at=_AT)

        newest = {source: max(day for other, day in listings if other == source) for source, _ in listings}
        expected = {
            (titles[index].id, terms.type.value)
            for source, day in newest.items()
            for index, terms in listings[source, day]
        }
        assert set(Offer.objects.filter(superseded_at=None).values_list("title_id", "type")) == expected
