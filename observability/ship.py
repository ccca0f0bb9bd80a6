"""
A small log shipper for one machine: `python -m observability.ship URL < lines` sends JSON lines to Loki's push API.

Production ships with Alloy, which reads the containers' files. This one reads standard input, so that a server's lines
can be looked at in a store of logs with nothing else installed:

    tail -F serve.log | python -m observability.ship http://localhost:3100/loki/api/v1/push

Labels are `service` and `level`, as in `alloy/config.alloy`; lines that are not JSON have neither and are left out.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.request import Request, urlopen

_BATCH_LINES = 1000


def main(url: str, lines: Iterable[str]) -> int:
    """
    Send every line, and tell how many there were.

    Raises:
        OSError: The store did not take a batch.
    """
    sent = 0
    for batch in _batches(lines):
        body = json.dumps({"streams": streams_of(batch)}).encode()
        with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=30):  # noqa: S310 -- the operator's
            sent += len(batch)
    return sent


def streams_of(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort parsed lines into Loki's streams, by service and level; each line goes as it was, under its own time."""
    streams: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for entry in entries:
        at_ns = int(datetime.fromisoformat(entry["timestamp"]).timestamp() * 1_000_000) * 1000
        streams[entry["service"], entry["level"]].append([str(at_ns), json.dumps(entry, ensure_ascii=False)])
    return [
        {"stream": {"service": service, "level": level}, "values": values}
        for (service, level), values in streams.items()
    ]


def _batches(lines: Iterable[str]) -> Iterator[tuple[dict[str, Any], ...]]:
    entries = (entry for line in lines if (entry := _parse(line)))
    while batch := tuple(islice(entries, _BATCH_LINES)):
        yield batch


def _parse(line: str) -> dict[str, Any] | None:
    """Read one line; None when it is not one of ours."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and {"service", "level", "timestamp"} <= entry.keys() else None


if __name__ == "__main__":
    print(main(sys.argv[1], sys.stdin))  # noqa: T201 -- a command's output
