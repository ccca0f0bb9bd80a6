"""What `/metrics` writes: the group's sums with its processes beside them, and the worker's own page."""

import os
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mediagateway.telemetry.facts import FactCollector
from mediagateway.telemetry.metrics import BUILD

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

_log = structlog.get_logger(__name__)


class ProcessCollector(Collector):
    """
    CPU time and memory of the processes of this group, from /proc; on other systems than Linux nothing.

    prometheus_client's own describes one process, and not in its multi-process mode.
    """

    def collect(self) -> Iterator[Metric]:
        """Look at every process: the gunicorn master's children, or this one alone."""
        cpu = CounterMetricFamily("mg_process_cpu_seconds", "CPU time since the process began.", labels=["pid"])
        memory = GaugeMetricFamily("mg_process_resident_bytes", "Memory, shared pages too.", labels=["pid"])
        for pid in _group_pids():
            try:
                # The name in the second field may hold spaces; the fields behind it do not.
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
            except OSError:  # It has ended, or there is no /proc.
                continue
            stat = fields.split()
            cpu.add_metric([str(pid)], (int(stat[11]) + int(stat[12])) / _TICKS_PER_S)
            memory.add_metric([str(pid)], int(stat[21]) * _PAGE_BYTES)
        yield cpu
        yield memory


def render_metrics() -> bytes:
    """Write all metrics of the group in Prometheus' text format: summed over its workers when it has several."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # prometheus_client types only half
        registry.register(ProcessCollector())
    return generate_latest(registry)


def serve_worker_metrics() -> None:
    """
    Answer Prometheus from the worker: its own counters and the facts, on a thread of its own.

    A port that is taken is logged and no reason to stop: delivering events is the worker's task, telling of it is not.
    """
    BUILD.labels(settings.SERVICE, settings.VERSION).set(1)
    REGISTRY.register(FactCollector())
    REGISTRY.register(ProcessCollector())
    try:
        start_http_server(settings.WORKER_PORT, addr=settings.HOST)
    except OSError as err:
        _log.error("worker.metrics_unavailable", port=settings.WORKER_PORT, error=repr(err))


def _group_pids() -> tuple[int, ...]:
    """Name this group's worker processes; under gunicorn they are the children of this process's parent."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return (os.getpid(),)
    master = os.getppid()
    try:
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    except OSError:
        return (os.getpid(),)
    return tuple(map(int, children))
