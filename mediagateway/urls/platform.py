"""URLs that every process group serves, and the answer to errors that reach no view."""

import sys

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mediagateway.http import csp_reports, pages, platform
from mediagateway.http.errors import InternalError
from mediagateway.http.problem import problem_for

# Every group's URL conf takes all of this over by a star import: Django looks for the handlers there.
__all__ = ["handler400", "handler403", "handler404", "handler500", "platform_urls"]

_urls = [
    path("health", platform.HealthView.as_view(), name="health-get"),
    path("ready", platform.ReadyView.as_view(), name="readiness-get"),
    path("liveness", platform.LivenessView.as_view(), name="liveness-get"),
    path("metrics", platform.MetricsView.as_view(), name="metrics-get"),
    path("csp-reports", csp_reports.CspReportView.as_view(), name="csp-report-create"),
    path("swagger-ui", pages.swagger_ui, name="swagger-ui"),
    path("api-docs/openapi.json", pages.openapi_json, name="openapi-json"),
    path("api-docs/openapi.yaml", pages.openapi_yaml, name="openapi-yaml"),
    path("docs/problems", pages.problem_index, name="problem-list"),
    path("docs/problems/<slug:code>", pages.problem_page, name="problem-detail"),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    path(".well-known/api-catalog", pages.api_catalog, name="api-catalog"),
]
platform_urls = [path("", include((_urls, "platform")))]


def _answer_error(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer with a problem. For a 500 Django passes no exception, and calls this while it handles one."""
    error = exception or sys.exception()
    return problem_for(request, error if isinstance(error, Exception) else InternalError("The error is logged."))


handler400 = handler403 = handler404 = handler500 = _answer_error
