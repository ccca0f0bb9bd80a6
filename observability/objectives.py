"""Reads observability/slo.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("slo.toml")


@dataclass(frozen=True, slots=True)
class Availability:
    """Which share of requests must not fail, and which views are no requests to the service."""

    target: float
    excluded_views: str
    low_budget_ratio: float


@dataclass(frozen=True, slots=True)
class Burn:
    """An alert on how fast the budget goes: `factor` times what would use it up at the window's end."""

    name: str
    factor: float
    long: str
    short: str
    severity: Literal["critical", "warning"]


@dataclass(frozen=True, slots=True)
class Latency:
    """What 95 and 99 of 100 requests of a class may take; `views` and `but_not` are regular expressions."""

    name: str
    views: str
    p95_s: float
    p99_s: float
    but_not: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """In which share of the time a listing must be younger than `max_age_s`."""

    target: float
    max_age_s: int


@dataclass(frozen=True, slots=True)
class Objectives:
    """Everything that the service promises of itself."""

    interval: str
    window_days: int
    availability: Availability
    burns: tuple[Burn, ...]
    latencies: tuple[Latency, ...]
    freshness: Freshness

    @property
    def budget_ratio(self) -> float:
        """Share of requests that may fail; rounded, because 1 - 0.999 is not 0.001 in binary."""
        return round(1 - self.availability.target, 9)

    @property
    def budget_minutes(self) -> float:
        """The same in minutes of a whole outage within the window."""
        return round(self.budget_ratio * self.window_days * 24 * 60, 3)


def read_objectives(file: Path = FILE) -> Objectives:
    """
    Read the objectives.

    Raises:
        KeyError, TypeError: The file lacks something or has something that nobody reads.
    """
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    return Objectives(
        interval=given["interval"],
        window_days=given["window_days"],
        availability=Availability(**given["availability"]),
        burns=tuple(Burn(**burn) for burn in given["burn"]),
        latencies=tuple(Latency(name=each.pop("class"), **each) for each in given["latency"]),
        freshness=Freshness(**given["freshness"]),
    )
