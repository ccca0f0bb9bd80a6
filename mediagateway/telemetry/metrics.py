"""
The metrics of the kernel. Apps declare theirs beside their code.

django-prometheus writes some forty samples for each request, one of them labelled by whatever method the client made
up; one histogram by view, method and status answers the same questions for a tenth of the time.
"""

from prometheus_client import Histogram

#: Labels come from closed sets: the URL conf's view names, the methods of HTTP, the status codes that we send.
REQUEST_SECONDS = Histogram(
    "mg_http_request_seconds",
    "Time from the first middleware to the finished response, by view, method and status.",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
