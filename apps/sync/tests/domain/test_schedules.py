"""
Random schedules over up to five replicas: none diverges, none loses an addition, and a wrong rule is noticed.

The schedules of a run are numbered from 0 and the same every time, so that a failure can be played again by its number.
"""

import pytest

from apps.sync.domain import clock, state
from apps.sync.domain.changes import Remove
from apps.sync.domain.clock import HybridClock
from apps.sync.domain.state import State
from apps.sync.domain.versions import Arrival
from apps.sync.tests import replicas
from apps.sync.tests.domain.schedules import DivergenceError, run_schedule

pytestmark = pytest.mark.once

#: Schedules in which each wrong rule must be noticed; the most hidden one takes some hundred.
_SCHEDULES_FOR_A_MUTANT = 5000


@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_schedules_converge(part):
    _run_schedules(part * 10_000, (part + 1) * 10_000)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_a_million_schedules_converge(part):
    _run_schedules(10**6 + part * 100_000, 10**6 + (part + 1) * 100_000)


def _remove_every_addition(self, tag, stamp, change, apply=State.apply):
    """Remove by title instead of by tag: removing would win."""
    if isinstance(change, Remove):
        state.remove(self, [tag for tag, each in self.additions.items() if each.content_id == change.content_id])
    apply(self, tag, stamp, change)


def _record_by_arrival(self, session, written):
    self.registers[session] = written


def _record_without_start(self, session, written):
    present = self.registers.get(session)
    if present is None or written.stamp > present.stamp:
        self.registers[session] = written._replace(started=written.stamp)


def _forget_counter(self, wall_ms):
    self.last = max(wall_ms << clock.COUNTER_BITS, self.last)
    return clock.write_stamp(self.last, self.who)


def _follow_the_wall(self, wall_ms):
    self.last = clock.advance(wall_ms << clock.COUNTER_BITS)
    return clock.write_stamp(self.last, self.who)


#: What is wrong -> where, and how.
_MUTANTS = {
    "the older write wins": (state, "wins", lambda stamp, over: not over or stamp < over),
    "the first write stays": (state, "wins", lambda stamp, over: not over),
    "the last to arrive wins": (state, "wins", lambda stamp, over: True),
    "an addition comes back after its removal": (
        state,
        "add",
        lambda self, tag, addition: self.additions.__setitem__(tag, addition),
    ),
    "an addition is forgotten": (state, "add", lambda self, tag, addition: None),
    "a removal forgets what is still to come": (
        state,
        "remove",
        lambda self, tags: [self.additions.pop(tag, None) for tag in tags],
    ),
    "a removal does nothing": (state, "remove", lambda self, tags: None),
    "removing wins": (State, "apply", _remove_every_addition),
    "progress is what arrived last": (state, "record", _record_by_arrival),
    "a session begins with every write": (state, "record", _record_without_start),
    "a session began with its last write": (state, "earliest", max),
    "the last written session speaks for the title": (
        state,
        "began_later",
        lambda one, other: (one[1].stamp, one[0]) > (other[1].stamp, other[0]),
    ),
    "the first session speaks for the title": (
        state,
        "began_later",
        lambda one, other: (one[1].started, one[0]) < (other[1].started, other[0]),
    ),
    "hiding is what arrived last": (
        state,
        "hide",
        lambda self, content_id, stamp: self.hidden.__setitem__(content_id, stamp),
    ),
    "hiding has no end": (State, "is_hidden", lambda self, content_id, register: content_id in self.hidden),
    "a preference is what arrived last": (
        state,
        "prefer",
        lambda self, key, stamp, value: self.preferences.__setitem__(key, (stamp, value)),
    ),
    "the clock has no counter": (HybridClock, "tick", _forget_counter),
    "the clock follows the wall": (HybridClock, "tick", _follow_the_wall),
    "the clock does not hear others": (HybridClock, "observe", lambda self, stamp: None),
    "a gap is not seen": (
        replicas,
        "judge",
        lambda vector, origin, seq: Arrival.KNOWN if seq <= vector.get(origin, 0) else Arrival.NEXT,
    ),
    "a duplicate is taken again": (
        replicas,
        "judge",
        lambda vector, origin, seq: Arrival.GAP if seq > vector.get(origin, 0) + 1 else Arrival.NEXT,
    ),
    "vectors join to the smaller": (
        replicas,
        "join",
        lambda one, other: {origin: min(one.get(origin, 0), other.get(origin, 0)) for origin in {**one, **other}},
    ),
    "a merge forgets removals": (
        State,
        "merge",
        lambda self, other, merge=State.merge: merge(self, State(other.additions, set(), other.registers)),
    ),
}


@pytest.mark.parametrize("wrong", _MUTANTS)
def test_a_wrong_rule_is_noticed(wrong, monkeypatch):
    owner, name, mutant = _MUTANTS[wrong]
    monkeypatch.setattr(owner, name, mutant)

    with pytest.raises(DivergenceError):
        _run_schedules(0, _SCHEDULES_FOR_A_MUTANT)


def _run_schedules(first, last):
    for seed in range(first, last):
        run_schedule(seed)
