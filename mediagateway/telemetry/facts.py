"""
Facts of the whole deployment as metrics: what the database holds, how old it is, how much waits.

A fact is true once, however many processes there are, so one process tells it: the worker, when Prometheus asks it.
Every other metric is an event of one process and is counted where it happens.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.db import Error, connections
from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

#: A number, or one for each combination of the labels' values.
Value = float | Mapping[tuple[str, ...], float]
Measure = Callable[[], Value]
MeasureT = TypeVar("MeasureT", bound=Measure)

FAILED = Counter("mg_facts_failed_total", "Facts that could not be read when they were asked for.")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fact:
    """A gauge and the function that reads it."""

    name: str
    help: str
    labels: tuple[str, ...]
    measure: Measure


_facts: dict[str, Fact] = {}


def fact(name: str, *, labels: tuple[str, ...] = ()) -> Callable[[MeasureT], MeasureT]:
    """
    Register the decorated function as a fact; its docstring's first line is the metric's help.

    The function costs one SQL statement that an index answers: Prometheus asks every fifteen seconds.

    Args:
        name: `mg_<app>_<noun>_<unit>`.
        labels: Names, when the function gives a number for each of several things.

    Raises:
        ValueError: The name is taken, or the function says nothing of itself.
    """

    def register(measure: MeasureT) -> MeasureT:
        described = (measure.__doc__ or "").strip().splitlines()
        if name in _facts or not described:
            raise ValueError(f"{name} is registered twice, or its function has no docstring.")
        _facts[name] = Fact(name, described[0], labels, measure)
        return measure

    return register


def list_facts() -> tuple[Fact, ...]:
    """List the registered facts by name."""
    return tuple(_facts[name] for name in sorted(_facts))


class FactCollector(Collector):
    """Reads all facts when Prometheus asks; one that cannot be read is left out, logged and counted."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name the metrics without reading them, for the registry's check of names."""
        for each in list_facts():
            yield GaugeMetricFamily(each.name, each.help, labels=each.labels)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read every fact."""
        try:
            for each in list_facts():
                family = GaugeMetricFamily(each.name, each.help, labels=each.labels)
                try:
                    value = each.measure()
                except Error as err:
                    FAILED.inc()
                    _log.warning("facts.failed", fact=each.name, error=repr(err))
                    continue
                for label_values, number in value.items() if isinstance(value, Mapping) else (((), value),):
                    family.add_metric(label_values, number)
                yield family
        finally:
            # This runs on a thread of the metrics server, which ends with the answer.
            connections.close_all()
