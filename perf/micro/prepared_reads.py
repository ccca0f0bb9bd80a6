"""
What a read costs when PostgreSQL plans it once.

    python -m mediagateway.testing.servers python -m perf.micro.prepared_reads

asks what requests ask, on two connections to the server that DATABASE_URL names: one binds parameters into the text, as
Django does by default, the other prepares what it has asked five times, as settings/base.py tells it to. Both take
turns, one read a turn. Prints the medians in µs, from Python and back, and their ratio.
"""

import os
import statistics
import time
from collections.abc import Mapping
from copy import deepcopy
from uuid import uuid4

import django
from django.core.management import call_command
from django.db import connections
from django.db.models import Model, QuerySet

from perf.environment import set_environment

_TURNS = 2000
_WARMED_BY = 50
_BOUND = {"server_side_binding": False, "prepare_threshold": None}


def main() -> None:
    """Print one line for each read."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("DATABASE_URL has to name a PostgreSQL.")
    set_environment()
    django.setup()
    call_command("migrate", verbosity=0)
    prepared = connections.settings["default"]
    bound = deepcopy(prepared)
    bound["OPTIONS"].update(_BOUND)
    connections.settings["bound"] = bound
    for name, query in _reads().items():
        took_us = _medians_us({alias: query.using(alias) for alias in ("bound", "default")})
        ratio = took_us["default"] / took_us["bound"]
        print(f"{name:32} bound {took_us['bound']:7.1f} µs   prepared {took_us['default']:7.1f} µs   ×{ratio:.2f}")


def _reads() -> Mapping[str, QuerySet[Model]]:
    """Name reads of tables without rows: what remains is parsing and planning."""
    from apps.content.models import Offer, Title
    from apps.sync.models import Device

    return {
        "a title by its key": Title.objects.filter(pk=uuid4()),
        "devices of a profile": Device.objects.filter(profile_id=uuid4()).order_by("id")[:20],
        "offers of 20 titles": Offer.objects.filter(title_id__in=[uuid4() for _ in range(20)]).select_related(
            "platform"
        ),
    }


def _medians_us(queries: Mapping[str, QuerySet[Model]]) -> dict[str, float]:
    took: dict[str, list[float]] = {alias: [] for alias in queries}
    for turn in range(_WARMED_BY + _TURNS):
        for alias, query in queries.items():
            started = time.perf_counter()
            list(query.all())
            if turn >= _WARMED_BY:
                took[alias].append((time.perf_counter() - started) * 1e6)
    return {alias: statistics.median(each) for alias, each in took.items()}


if __name__ == "__main__":
    main()
