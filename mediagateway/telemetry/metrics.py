"""
The metrics of the kernel; an app declares its own in its `metrics.py`, which the kernel imports at every start.

django-prometheus writes some forty samples for each request, one of them labelled by whatever method the client made
up; one histogram by view, method and status answers the same questions for a tenth of the time.

Labels come from closed sets. Where the set is short, `declare` makes its series at import, so that a counter reads 0
before its first event and not nothing: a rate over what does not exist yet misses the first step.
"""

from collections.abc import Iterable
from itertools import product
from typing import TypeVar

from prometheus_client import Counter, Gauge, Histogram

MetricT = TypeVar("MetricT", Counter, Histogram)

#: Labels: the URL conf's view names, the methods of HTTP, the status codes that we send. The bounds hold every
#: objective of observability/slo.toml, so that the share of requests within an objective is counted and not estimated.
REQUEST_SECONDS = Histogram(
    "mg_http_request_seconds",
    "Time from the first middleware to the finished response, by view, method and status.",
    ["view", "method", "status"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0),
)
QUEUE_SECONDS = Histogram(
    "mg_http_queue_seconds",
    "Time that a request waited for a thread.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0),
)
IN_FLIGHT = Gauge("mg_http_requests_in_flight", "Requests being served, probes too.", multiprocess_mode="livesum")
THREADS = Gauge("mg_http_threads", "Requests that the group's workers can serve at once.", multiprocess_mode="livesum")
BUILD = Gauge(
    "mg_build_info", "1, with the group and the version as labels.", ["group", "version"], multiprocess_mode="max"
)
CHECK_OK = Gauge(
    "mg_health_check_ok",
    "What the last /ready found: 1 well or not configured, 0.5 degraded, 0 failed.",
    ["check"],
    multiprocess_mode="mostrecent",
)
CHECK_SECONDS = Gauge(
    "mg_health_check_seconds", "How long the check of the last /ready took.", ["check"], multiprocess_mode="mostrecent"
)


def declare(metric: MetricT, *label_values: Iterable[str]) -> MetricT:
    """
    Make the series of a metric for every combination of its labels' values.

    Args:
        metric: With as many labels as there are sets of values, in this order.
        label_values: One short, closed set for each label.
    """
    for values in product(*label_values):
        metric.labels(*values)
    return metric
