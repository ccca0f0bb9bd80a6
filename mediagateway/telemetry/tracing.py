"""
OpenTelemetry, when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; without it nothing of it is even imported.

The order is what keeps spans from being lost silently: `instrument` when the application is made, because it changes
classes; `start` in each process after its fork, because the exporter runs a thread; `stop` before the process ends.

Requests and SQL have spans of our own making: OpenTelemetry's packages for Django and the drivers cost several times as
much, and the former stands outside the middleware that guards every answer's headers.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from opentelemetry.instrumentation.httpx import RequestInfo
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.trace import Span

#: What the last spans may take to be sent when a process stops; a collector that is down must not hold it up.
_FLUSH_S = 5.0
_NO_SPAN: AbstractContextManager[None] = nullcontext()


def instrument() -> None:
    """Hook into SQL, Redis and outgoing HTTP, Qdrant's too. Call before the application object is made."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    from mediagateway.telemetry import sql_spans

    sql_spans.instrument()
    RedisInstrumentor().instrument()
    HTTPXClientInstrumentor().instrument(request_hook=_name_qdrant)


def start() -> None:
    """Start exporting from this process, by `OTEL_EXPORTER_OTLP_PROTOCOL`: http/protobuf, or grpc."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create(
        {
            "service.name": f"mediagateway-{settings.SERVICE}",
            "service.version": settings.VERSION,
            "deployment.environment.name": settings.ENVIRONMENT,
        }
    )
    # `stop` ends it, in bounded time; at the interpreter's exit it would wait for half a minute.
    provider = TracerProvider(resource=resource, sampler=_sampler(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_exporter()))
    trace.set_tracer_provider(provider)


def stop() -> None:
    """Send what is still in memory, for `_FLUSH_S` at most."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        flush = threading.Thread(target=provider.shutdown, name="flush-spans", daemon=True)
        flush.start()
        flush.join(_FLUSH_S)


def request_span(request: HttpRequest) -> AbstractContextManager["Span | None"]:
    """Open the span of a request, in the caller's trace when there is one; probes have none, they say nothing."""
    if not settings.OTEL_ENDPOINT or request.path_info in settings.PROBE_PATHS:
        return _NO_SPAN
    return _request_span(request)


def describe_answer(span: "Span | None", request: HttpRequest, *, view: str, status: int, request_id: str) -> None:
    """Complete a request's span: its name, and whether we failed."""
    if span is None or not span.is_recording():
        return
    from opentelemetry.trace import StatusCode

    span.update_name(f"{request.method} {view}")
    span.set_attributes({"http.route": view, "http.response.status_code": status, "http.request_id": request_id})
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def span(name: str, **attributes: str | float) -> AbstractContextManager["Span | None"]:
    """
    Open a span around a step that is worth seeing in a trace; costs nothing while nothing is traced.

    Args:
        name: `<app>.<step>`, from a closed set.
        attributes: Never text of a person's.
    """
    if not settings.OTEL_ENDPOINT:
        return _NO_SPAN
    from opentelemetry import trace

    return trace.get_tracer(__name__).start_as_current_span(name, attributes=attributes)


def consumer_span(name: str, traceparent: str, **attributes: str | float) -> AbstractContextManager["Span | None"]:
    """Open the span of work that was left for later, in the trace of what left it; see `current_traceparent`."""
    if not settings.OTEL_ENDPOINT:
        return _NO_SPAN
    from opentelemetry import trace
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind

    context = extract({"traceparent": traceparent} if traceparent else {})
    tracer = trace.get_tracer(__name__)
    return tracer.start_as_current_span(name, context=context, kind=SpanKind.CONSUMER, attributes=attributes)


def untraced() -> AbstractContextManager[None]:
    """Keep what happens inside out of the traces: checks that come every few seconds and say nothing."""
    if not settings.OTEL_ENDPOINT:
        return _NO_SPAN
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    return suppress_instrumentation()


def current_traceparent() -> str:
    """Write the present span down as W3C Trace Context does; empty without tracing."""
    if not settings.OTEL_ENDPOINT:
        return ""
    from opentelemetry.propagate import inject

    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent", "")


def current_trace_id() -> str:
    """Name the trace that this request belongs to, 32 hexadecimal digits; empty without tracing."""
    if not settings.OTEL_ENDPOINT:
        return ""
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


@contextmanager
def _request_span(request: HttpRequest) -> "Iterator[Span]":
    from opentelemetry import trace
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind

    meta = request.META
    given = {"traceparent": meta.get("HTTP_TRACEPARENT", ""), "tracestate": meta.get("HTTP_TRACESTATE", "")}
    method = request.method or "-"
    with trace.get_tracer(__name__).start_as_current_span(
        method,
        context=extract({name: value for name, value in given.items() if value}),
        kind=SpanKind.SERVER,
        # The path and never the query, which holds what a person looks for.
        attributes={"http.request.method": method, "url.path": request.path_info},
    ) as opened:
        yield opened


def _exporter() -> "SpanExporter":
    """Make the exporter that the standard variable asks for; each reads the others itself."""
    if settings.OTEL_PROTOCOL == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter

        return GrpcExporter(insecure=settings.OTEL_ENDPOINT.startswith("http://"))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter

    return HttpExporter()


def _sampler() -> "Sampler | None":
    """Keep the caller's decision, else `TRACED_RATIO` of the traces; None reads OpenTelemetry's own variable."""
    if settings.OTEL_SAMPLER:
        return None
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    return ParentBased(TraceIdRatioBased(settings.TRACED_RATIO))


def _name_qdrant(opened: "Span", request: "RequestInfo") -> None:
    """Call a request to Qdrant what it is; httpx sends it."""
    url = str(request.url)
    if settings.QDRANT_URL and url.startswith(settings.QDRANT_URL):
        opened.update_name(f"qdrant {url.removeprefix(settings.QDRANT_URL)}")
        attributes: Mapping[str, str] = {"db.system.name": "qdrant"}
        opened.set_attributes(attributes)
