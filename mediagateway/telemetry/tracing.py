"""
OpenTelemetry, when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; without it nothing of it is even imported.

The order is what keeps spans from being lost silently: `instrument` when the application is made, because it adds a
middleware; `start` in each worker after the fork, because the exporter runs a thread; `stop` before the worker ends.
"""

from django.conf import settings


def instrument() -> None:
    """Hook into Django and psycopg. Call before the application object is made."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor

    # Probes would be most of the spans and say nothing.
    DjangoInstrumentor().instrument(excluded_urls="health,ready,liveness,metrics")
    PsycopgInstrumentor().instrument()


def start() -> None:
    """Start exporting from this process. The sampler is OpenTelemetry's own variable, `OTEL_TRACES_SAMPLER`."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create(
        {"service.name": f"mediagateway-{settings.GROUP.name}", "service.version": settings.VERSION}
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def stop() -> None:
    """Send what is still in memory."""
    if not settings.OTEL_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def current_trace_id() -> str:
    """Name the trace that this request belongs to, 32 hexadecimal digits; empty without tracing."""
    if not settings.OTEL_ENDPOINT:
        return ""
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""
