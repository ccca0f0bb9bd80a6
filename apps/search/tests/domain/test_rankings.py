"""Traffic is dealt evenly and stays where it was dealt; weights keep what search promises."""

from collections import Counter
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.domain.rankings import (
    DEFAULT_RANKING,
    DEFAULT_SET,
    SLOTS,
    Ranking,
    RankingSet,
    allot,
    find_contradiction,
    range_of,
    read_weights,
    slot_of,
)
from apps.search.domain.weights import DEFAULT_WEIGHTS

pytestmark = pytest.mark.once


def test_the_weights_in_code_keep_their_own_rules():
    assert find_contradiction(DEFAULT_WEIGHTS) is None
    for name, value in asdict(DEFAULT_WEIGHTS).items():
        low, high = range_of(name)
        assert low <= value <= high, name


@pytest.mark.parametrize(
    ("change", "name"), [({"exact": 1.0}, "exact"), ({"floor": 0.6}, "floor_named")], ids=["exact", "floor"]
)
def test_weights_that_break_a_promise_are_found(change, name):
    found = find_contradiction(replace(DEFAULT_WEIGHTS, **change))

    assert found is not None
    assert found[0] == name


def test_stored_weights_of_another_release_are_read():
    read = read_weights({"popularity": 0.1, "weight_of_old": 3.0})

    assert read == replace(DEFAULT_WEIGHTS, popularity=0.1)


def test_callers_are_dealt_evenly():
    """Each of 100 slots gets 200 of 20,000 callers, give or take five standard deviations (70)."""
    slots = Counter(slot_of(f"account:{number}") for number in range(20_000))

    assert len(slots) == SLOTS
    assert all(abs(count - 200) < 70 for count in slots.values())


def test_a_caller_has_one_slot_for_ever():
    """The value itself is the contract: another hash would move everybody."""
    assert [slot_of(subject) for subject in ("address:192.0.2.1", "key:1", "account:1")] == [55, 85, 76]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), max_size=30))
def test_slots_are_never_shared_and_growing_moves_nobody(changes):
    owned: dict[int, tuple[int, ...]] = {}
    for name, wanted in changes:
        before = owned.get(name, ())
        taken = [slot for other, slots in owned.items() if other != name for slot in slots]
        given_slots = allot(before, taken, wanted)
        if given_slots is None:
            assert wanted > SLOTS - len(taken)
            continue
        assert len(given_slots) == wanted
        assert set(given_slots) <= set(before) or set(before) <= set(given_slots)
        owned[name] = given_slots
        everything = [slot for slots in owned.values() for slot in slots]
        assert len(everything) == len(set(everything))


def test_a_variant_orders_for_its_callers_alone():
    bold = Ranking(0, "bold.1", replace(DEFAULT_WEIGHTS, meaning=3.0))
    rankings = RankingSet(DEFAULT_RANKING, {slot_of("account:1"): bold})

    assert rankings.of("account:1") == bold
    others = [name for name in map(str, range(50)) if slot_of(name) != slot_of("account:1")]
    assert {rankings.of(name) for name in others} == {DEFAULT_RANKING}
    assert DEFAULT_SET.of("account:1") == DEFAULT_RANKING
