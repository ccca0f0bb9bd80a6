"""
Which functions a request spends its time in: `python -m perf.micro.profile_request [--path PATH]`.

cProfile makes every call dearer, so shares mean something and sums do not; the time without it stands above each table.
"""

import argparse
import cProfile
import json
from _lsprof import profiler_entry
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from perf.environment import YARDSTICK
from perf.micro.calls import measured_django, open_call, time_call

_ROWS = 25
_CALLS = 200


def main() -> None:
    """Print the time, the number of SQL statements and the 25 dearest functions for each path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", action="append", help="default: the empty view, a title, a search")
    parser.add_argument("--below", action="store_true", help="sort by the time in a function and all that it calls")
    options = parser.parse_args()
    with measured_django():
        application = WSGIHandler()
        for path in options.path or _default_paths(application):
            _report(path, open_call(application, path), below=options.below)


def write_rows(entries: Sequence[profiler_entry], *, calls: int, below: bool) -> str:
    """
    Write the dearest functions, in microseconds and calls for one request.

    Args:
        entries: What `cProfile.Profile.getstats` gives.
        calls: How many requests were profiled.
        below: Whether what a function calls counts as its own.
    """
    dearest = sorted(entries, key=lambda entry: entry.totaltime if below else entry.inlinetime, reverse=True)
    rows = ["  own µs  with callees     calls  function"]
    for entry in dearest[:_ROWS]:
        own_us, all_us = entry.inlinetime / calls * 1e6, entry.totaltime / calls * 1e6
        rows.append(f"{own_us:8.1f} {all_us:13.1f} {entry.callcount / calls:9.1f}  {_name_of(entry)}")
    return "\n".join(rows)


def _default_paths(application: WSGIHandler) -> list[str]:
    """Take the title from the catalogue itself: the first of its list."""
    page = json.loads(open_call(application, "/api/v1/content?limit=1")())
    return [YARDSTICK, f"/api/v1/content/{page['items'][0]['id']}", "/api/v1/search?q=the+godfather"]


def _report(path: str, call: Callable[[], bytes], *, below: bool) -> None:
    """Time the call, then profile it."""
    us = time_call(call, batches=100, calls=10)
    with CaptureQueriesContext(connection) as captured:
        body = call()
    statements = len(captured)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(_CALLS):
        call()
    profile.disable()
    print(f"\n{path}\n{us:,.0f} µs a request, {len(body):,} bytes, {statements} SQL statements\n")
    print(write_rows(profile.getstats(), calls=_CALLS, below=below))


def _name_of(entry: profiler_entry) -> str:
    """Say where a function stands, leaving of its path what tells where the code is from."""
    if isinstance(entry.code, str):
        return entry.code
    parts = Path(entry.code.co_filename).parts
    kept = parts[parts.index("site-packages") + 1 :] if "site-packages" in parts else parts[-3:]
    return f"{'/'.join(kept)}:{entry.code.co_firstlineno} {entry.code.co_name}"


if __name__ == "__main__":
    main()
