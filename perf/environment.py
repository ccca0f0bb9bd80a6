"""The environment that everything here is measured in."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Where the empty view stands: among the busiest paths, so that all of the middleware has its work with it, limits too.
YARDSTICK = "/api/v1/content/yardstick"
_CLIENTS = 4000


def set_environment() -> None:
    """
    Choose production's settings on a catalogue of the harness' own; before Django is set up.

    What the caller's environment says of data folder, database, Redis, workers and threads holds.
    """
    folder = os.environ.setdefault("MG_DATA_DIR", str(ROOT / "var" / "perf"))
    defaults = {
        # Named outright, because servers with other data folders read it too.
        "DATABASE_URL": f"sqlite:///{Path(folder).resolve() / 'mediagateway.sqlite3'}",
        "MG_SECRET_KEY": "measured-under-this-key-which-guards-nothing-at-all",
        "MG_KEK": "bWVhc3VyZWQtdW5kZXItYS1rZXktb2YtMzItYnl0ZXM=",
        "MG_ALLOWED_HOSTS": "127.0.0.1",
        "MG_PUBLIC_URL": "https://127.0.0.1",
        "MG_HOST": "127.0.0.1",
        "MG_DRAIN_S": "0",
    }
    os.environ.update({**defaults, **os.environ, "DJANGO_SETTINGS_MODULE": "perf.settings"})


def client_address(number: int) -> str:
    """
    Name the client that sends the n-th request, for `X-Forwarded-For`; `load.lua` does the same.

    There are so many that none meets its limit, and so few that each comes again, as clients do.
    """
    number %= _CLIENTS
    return f"10.0.{number // 256}.{number % 256}"
