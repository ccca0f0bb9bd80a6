"""What browsers report of our content policy: counted, and logged without what a person was looking at."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from prometheus_client import Counter
from rest_framework.request import Request

from mediagateway.http.parsers import StrictJSONParser
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body
from mediagateway.telemetry.metrics import declare

#: The directives that our policies have; a report about another one is no report of a page of ours.
_DIRECTIVES = (
    *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem"),
    *("style-src-attr", "img-src", "font-src", "connect-src", "frame-ancestors", "base-uri", "form-action"),
)
_OTHER = "other"
#: Violations of one request that are looked at; browsers send a few.
_MOST_REPORTS = 20
#: A word or an origin; whatever else a "browser" sends as one is not worth keeping.
_PLAIN = re.compile(r"[a-z][a-z0-9+.-]{0,40}\Z")

REPORTS = declare(
    Counter("mg_csp_reports_total", "Violations of our content policy that browsers report.", ["directive"]),
    (*_DIRECTIVES, _OTHER),
)

#: Schema of the body. Browsers differ, and none of them would do better for being refused.
_ANYTHING = {"description": "A report in either form; whatever else is JSON is taken and forgotten."}

_log = structlog.get_logger(__name__)


class CspReportParser(StrictJSONParser):
    """The media type of `report-uri`."""

    media_type = "application/csp-report"


class ReportingParser(StrictJSONParser):
    """The media type of the Reporting API."""

    media_type = "application/reports+json"


class CspReportView(ApiView):
    """Where the policies of our pages tell browsers to send violations."""

    authentication_classes = []
    parser_classes = [CspReportParser, ReportingParser, StrictJSONParser]

    @extend_schema(
        operation_id="platform_csp_report_create",
        summary="Report a violation of a page's content policy",
        request=dict.fromkeys(("application/csp-report", "application/reports+json"), _ANYTHING),
        responses={204: None, **problems(400)},
        examples=[
            OpenApiExample(
                "A script that was blocked",
                value={"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Count what can be counted; a body that is no report is taken and forgotten, whoever sent it."""
        for directive, blocked in list(_violations(json_body(request)))[:_MOST_REPORTS]:
            known = directive if directive in _DIRECTIVES else _OTHER
            REPORTS.labels(known).inc()
            _log.warning("csp.violated", directive=known, blocked=blocked)
        return HttpResponse(status=204)


def _violations(body: Any) -> Iterator[tuple[str, str]]:
    """Read directive and blocked origin out of either form."""
    for report in body if isinstance(body, list) else [body]:
        if not isinstance(report, Mapping):
            continue
        found = report.get("csp-report", report.get("body"))
        if isinstance(found, Mapping):
            directive = found.get(
                "effective-directive", found.get("effectiveDirective", found.get("violated-directive"))
            )
            blocked = found.get("blocked-uri", found.get("blockedURL", ""))
            yield str(directive).partition(" ")[0], _origin(str(blocked))


def _origin(address: str) -> str:
    """Keep scheme and host of an address, or a word such as "inline"; paths and queries are a person's business."""
    if _PLAIN.match(address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = (parts.hostname or "")[:100]
    return f"{parts.scheme}://{host}" if _PLAIN.match(parts.scheme) and re.fullmatch(r"[a-z0-9.:-]*", host) else ""
