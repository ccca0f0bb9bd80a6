"""
pycrdt (Yjs in Rust) against the product's own rules, on what a person's lists are.

    python -m perf.micro.crdt

Both are given the same history: additions and removals of a watchlist of 50 titles, and positions of sessions. Printed
are bytes on the wire for one operation and for the whole state, and microseconds of CPU for applying an operation that
somebody else wrote. pycrdt keeps a map of titles for the watchlist, which is the closest that it has: its values are
registers, so a concurrent addition and removal of a title end as the clock of the document decides.
"""

import random
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from pycrdt import Doc, Map

from apps.sync.domain.changes import Add, Change, Operation, Progress, Remove
from apps.sync.domain.clock import HybridClock
from apps.sync.domain.state import State
from apps.sync.domain.wire import write_operation, write_state

_OPERATIONS = 5000
_TITLES = [UUID(int=number) for number in range(1, 51)]
_DEVICE = str(UUID(int=2**100))


def main() -> None:
    """Play the history on both and print a table."""
    operations = _history()
    documents = _documents(operations)
    ours, theirs = State(), _document()

    def apply_ours() -> None:
        for operation in operations:
            ours.apply(operation.id, operation.stamp, operation.change)

    def apply_theirs() -> None:
        for update in documents:
            theirs.apply_update(update)

    rows = (
        (
            "own rules",
            sum(len(orjson.dumps(write_operation(each))) for each in operations) / len(operations),
            _micros(apply_ours),
            len(orjson.dumps(write_state(ours))),
        ),
        (
            "pycrdt",
            sum(map(len, documents)) / len(documents),
            _micros(apply_theirs),
            len(theirs.get_update()),
        ),
    )
    print("| | bytes an operation | µs to apply one | bytes of the state |\n|---|---|---|---|")
    for name, size, micros, state in rows:
        print(f"| {name} | {size:.0f} | {micros:.1f} | {state} |")


def _history() -> list[Operation]:
    """Write what a device would: a list that grows and shrinks, and a film watched for a while."""
    chance, clock, state = random.Random(1), HybridClock(_DEVICE), State()
    operations = []
    for number in range(1, _OPERATIONS + 1):
        title = chance.choice(_TITLES)
        tags = state.watchlist().get(title)
        change: Change
        if chance.random() < 0.7:
            change = Progress(title, title, chance.randrange(6000), 6000, "playing")
        else:
            change = Remove(title, tuple(tags)) if tags else Add(title)
        operation = Operation(UUID(int=2**64 + number), _DEVICE, number, clock.tick(1_764_000_000_000 + number), change)
        state.apply(operation.id, operation.stamp, operation.change)
        operations.append(operation)
    return operations


def _documents(operations: list[Operation]) -> list[bytes]:
    """Write the same history with pycrdt, and give the update that each step makes."""
    document = _document()
    watchlist, progress = document.get("watchlist", type=Map), document.get("progress", type=Map)
    updates, known = [], document.get_state()
    for operation in operations:
        change = operation.change
        if isinstance(change, Progress):
            progress[f"{change.content_id}/{change.session_id}"] = [change.position_s, change.duration_s, change.state]
        elif isinstance(change, Add):
            watchlist[str(change.content_id)] = operation.stamp
        elif isinstance(change, Remove):
            del watchlist[str(change.content_id)]
        updates.append(document.get_update(known))
        known = document.get_state()
    return updates


def _document() -> "Doc[Any]":
    return Doc({"watchlist": Map({}), "progress": Map({})})


def _micros(work: Callable[[], None]) -> float:
    """Measure microseconds of CPU for each operation."""
    started = time.process_time()
    work()
    return (time.process_time() - started) / _OPERATIONS * 1e6


if __name__ == "__main__":
    main()
