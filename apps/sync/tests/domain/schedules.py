"""
Random schedules over a few replicas, and what must hold at their end.

A schedule is plain data, made from a seed: who writes what by which clock, who hears from whom, over a network that
loses, doubles, reorders and is split, and replicas that stop and come back with what they had saved. At the end the
network is whole, and then all replicas must hold the same state, every addition that no removal had seen must be there,
and the registers must hold what a model with all operations in one place says.
"""

import random
from copy import deepcopy
from typing import Any

from apps.sync.domain.changes import Add, Hide, Operation, Preference, Progress, Remove
from apps.sync.domain.state import Session
from apps.sync.tests.replicas import Replica

DAY_MS = 24 * 3600 * 1000
_NAMES = "abcde"
_TITLES, _SESSIONS, _KEYS = (1, 2), (7, 8), ("k", "l")
#: Of ten events, how many are writes; the others are messages.
_WRITES = 5


class DivergenceError(AssertionError):
    """What must hold does not; the message names the schedule."""


def run_schedule(seed):
    """
    Play one schedule and check its end.

    Raises:
        DivergenceError: Something that must hold does not.
    """
    chance = random.Random(seed)
    replicas = [Replica(name) for name in _NAMES[: chance.randint(2, 5)]]
    skews = [chance.randint(-DAY_MS, DAY_MS) for _ in replicas]
    split = {name for name in _NAMES if chance.random() < 0.3}
    written: list[Operation] = []
    in_flight: list[Operation] = []
    for step in range(chance.randint(4, 12)):
        place = chance.randrange(len(replicas))
        replica = replicas[place]
        if chance.randrange(10) < _WRITES:
            # Several writes within a millisecond, so that clocks tie and counters count.
            wall_ms = 2 * DAY_MS + skews[place] + step // 3
            seen = max([operation.stamp for operation in replica.log], default="")
            written.append(replica.write(step, wall_ms, _change(chance, replica)))
            if written[-1].stamp <= seen:
                raise DivergenceError(f"schedule {seed}: a write is not after what its writer had seen")
        elif chance.random() < 0.15:
            _restart(chance, replicas, place)
        else:
            _talk(chance, replicas, place, split, in_flight)
    _heal(replicas)
    _check(seed, replicas, written)


def _change(chance, replica):
    """Choose what a replica writes, of what makes sense to who sees its state."""
    title, kind = chance.choice(_TITLES), chance.randrange(8)
    if kind < 2:
        return Add(title)
    if kind < 4:
        return Remove(title, tuple(replica.state.watchlist().get(title, ())))
    if kind < 6:
        session_id = chance.choice(_SESSIONS)
        register = replica.state.registers.get(Session(title, session_id))
        started = register.started if register else ""
        return Progress(title, session_id, chance.randrange(100), 100, "playing", started)
    if kind == 6:
        return Hide(title)
    return Preference(chance.choice(_KEYS), chance.randrange(100))


def _talk(chance, replicas, place, split, in_flight):
    """Send what somebody else lacks, as far as the network lets it through; old messages may arrive too."""
    sender, receiver = replicas[place], chance.choice(replicas)
    if (sender.clock.who in split) is not (receiver.clock.who in split):
        return
    kind = chance.randrange(8)
    if kind == 0:
        receiver.adopt(sender)
        return
    messages = sender.missing(receiver.vector)
    if kind == 1:
        chance.shuffle(messages)
    elif kind == 2:
        messages = [message for message in messages if chance.random() < 0.5]
    elif kind == 3:
        messages = messages + messages
    elif kind == 4:
        # Delayed: somebody hears of it later, or never.
        in_flight.extend(messages)
        return
    elif in_flight:
        messages = [*in_flight, *messages]
    for message in messages:
        receiver.receive(message)


def _restart(chance, replicas, place):
    """Stop a replica and bring it back with its clock and its log, and with its state or one made from the log."""
    replica = replicas[place]
    again = Replica(replica.clock.who)
    again.clock.last, again.vector, again.log = replica.clock.last, dict(replica.vector), list(replica.log)
    if chance.random() < 0.5:
        again.state = deepcopy(replica.state)
    else:
        # The views were damaged and are made again from the log.
        for operation in chance.sample(again.log, len(again.log)):
            again.state.apply(operation.id, operation.stamp, operation.change)
    replicas[place] = again


def _heal(replicas):
    """Bring everything to everybody."""
    first = replicas[0]
    for other in replicas[1:]:
        for operation in other.missing(first.vector):
            first.receive(operation)
    for other in replicas[1:]:
        for operation in first.missing(other.vector):
            other.receive(operation)


def _check(seed, replicas, written):
    """Compare all replicas with each other and with what the operations mean."""
    first = replicas[0]
    for replica in replicas[1:]:
        if replica.state != first.state or replica.vector != first.vector:
            raise DivergenceError(f"schedule {seed}: {replica.clock.who} differs from {first.clock.who}")
    if len(first.log) != len(written) or len({operation.stamp for operation in written}) != len(written):
        raise DivergenceError(f"schedule {seed}: operations are missing, or two have one stamp")
    expected = _meaning(written)
    if _shown(first.state) != expected:
        raise DivergenceError(f"schedule {seed}: {_shown(first.state)} instead of {expected}")


def _shown(state):
    """What a person sees of a state."""
    current = state.current()
    return (
        {title: set(tags) for title, tags in state.watchlist().items()},
        {title: (session_id, register.position_s) for title, (session_id, register) in current.items()},
        {title for title, (_, register) in current.items() if state.is_hidden(title, register)},
        {key: value for key, (_, value) in state.preferences.items()},
    )


def _meaning(written):
    """
    What a person is to see after these operations: said a second time, without the rules' own code.

    An addition stays unless a removal names it. A register holds the write with the greatest stamp; a session began
    with its first write, and the one that began last speaks for its title.
    """
    changes = [(operation, operation.change) for operation in sorted(written, key=lambda each: each.stamp)]
    seen = {tag for _, change in changes if isinstance(change, Remove) for tag in change.tags}
    watchlist: dict[Any, set[Any]] = {}
    began: dict[Any, str] = {}
    newest: dict[Any, tuple[str, int]] = {}
    hidden: dict[Any, str] = {}
    values: dict[str, Any] = {}
    for operation, change in changes:
        if isinstance(change, Add) and operation.id not in seen:
            watchlist.setdefault(change.content_id, set()).add(operation.id)
        elif isinstance(change, Progress):
            session = (change.content_id, change.session_id)
            began.setdefault(session, operation.stamp)
            newest[session] = (operation.stamp, change.position_s)
        elif isinstance(change, Hide):
            hidden[change.content_id] = operation.stamp
        elif isinstance(change, Preference):
            values[change.key] = change.value
    progress: dict[Any, Any] = {}
    unwatched: set[Any] = set()
    for (title, session_id), _ in sorted(began.items(), key=lambda each: (each[1], each[0][1])):
        stamp, position_s = newest[title, session_id]
        progress[title] = (session_id, position_s)
        (unwatched.add if hidden.get(title, "") >= stamp else unwatched.discard)(title)
    return watchlist, progress, unwatched, values
