"""
OpenTelemetry, when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; without it nothing of it is even imported.

The order is what keeps spans from being lost silently: `instrument` when the application is made, because it changes
classes; `start` in each process after its fork, because the exporter runs a thread; `stop` before the process ends.

Requests, Redis and outgoing HTTP have OpenTelemetry's own packages; SQL has spans of ours, on every database alike.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from opentelemetry.instrumentation.httpx import RequestInfo
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.trace import Span

#: What the last spans may take to be sent when a process stops; a collector that is down must not hold it up.
_FLUSH_S = 5.0
_NO_SPAN: AbstractContextManager[None] = nullcontext()


def instrument() -> None:
    """Hook into requests, SQL, Redis and outgoing HTTP, Qdrant's too. Call before the application object is made."""
    if not settings.OTEL_ENDPOINT:
        return
    # Before the packages are imported: else they name things as OpenTelemetry did before 2024.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    from mediagateway.telemetry import request_spans, sql_spans

    request_spans.instrument()
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


def consumer_span(
    name: str, traceparents: Sequence[str], attributes: Mapping[str, str | float]
) -> AbstractContextManager["Span | None"]:
    """
    Open the span of work that was left for later; see `current_traceparent`.

    It stands in the trace of what left it, or, when many did, in one of its own that is linked with theirs.
    """
    if not settings.OTEL_ENDPOINT:
        return _NO_SPAN
    from opentelemetry import trace
    from opentelemetry.context import Context
    from opentelemetry.propagate import extract
    from opentelemetry.trace import Link, SpanKind

    contexts = [extract({"traceparent": each}) for each in traceparents if each]
    alone = contexts[0] if len(contexts) == len(traceparents) == 1 else None
    links = [Link(trace.get_current_span(each).get_span_context()) for each in contexts if alone is None]
    return trace.get_tracer(__name__).start_as_current_span(
        name, context=alone or Context(), kind=SpanKind.CONSUMER, attributes=attributes, links=links
    )


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
