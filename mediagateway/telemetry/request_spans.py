"""A span for each request, by OpenTelemetry's package for Django, in a place of our choice among the middleware."""

from collections.abc import Callable
from typing import Any, cast

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.django.middleware.otel_middleware import _DjangoMiddleware
from opentelemetry.trace import Span

#: Behind this one every Host header is known, which the package's middleware reads without a second thought.
_BEHIND = "mediagateway.http.middleware.RequestGuardMiddleware"
#: What the package writes into a span and we keep out: what a person looks for, where from, and with what.
_PERSONAL = ("url.query", "url.full", "client.address", "user_agent.original")


class TraceMiddleware(_DjangoMiddleware):
    """The package's middleware without the probes: they come under any Host, every few seconds, and say nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Open the span around everything further in."""
        if request.path_info in settings.PROBE_PATHS:
            return cast("HttpResponseBase", self.get_response(request))
        return cast("HttpResponseBase", super().__call__(request))  # type: ignore[no-untyped-call] # the package's

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Note the route, once it is known."""
        if request.path_info not in settings.PROBE_PATHS:
            super().process_view(request, view, args, kwargs)  # type: ignore[no-untyped-call] # as above

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep what a view raised for the span."""
        if request.path_info not in settings.PROBE_PATHS:
            super().process_exception(request, exception)  # type: ignore[no-untyped-call] # as above


class _Instrumentor(DjangoInstrumentor):
    _opentelemetry_middleware = f"{TraceMiddleware.__module__}.{TraceMiddleware.__qualname__}"


def instrument() -> None:
    """Put the middleware into the settings. Call before the application object is made, which reads them."""
    _Instrumentor().instrument(
        middleware_position=settings.MIDDLEWARE.index(_BEHIND) + 1,
        request_hook=_begin,
        response_hook=_complete,
    )


def _begin(span: Span, _request: HttpRequest) -> None:
    """Give the log lines the trace's id, and take out of the span what is a person's."""
    context = span.get_span_context()
    if context.is_valid:
        structlog.contextvars.bind_contextvars(trace_id=f"{context.trace_id:032x}")
    written = getattr(span, "attributes", None) or {}
    for name in _PERSONAL:
        if written.get(name):
            span.set_attribute(name, "")


def _complete(span: Span, request: HttpRequest, _response: HttpResponseBase) -> None:
    """Name the span by its view, as the metrics do, and lead from it to the request's log lines."""
    view = request.resolver_match.view_name if request.resolver_match else "none"
    span.update_name(f"{request.method} {view}")
    span.set_attribute("http.request_id", request.request_id)  # type: ignore[attr-defined] # RequestLogMiddleware's
