"""Traces reach the collector: all of them, also those that are in memory when the group stops."""

import gzip
import json
import threading
import time
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from mediagateway.testing.servers import valkey

pytestmark = pytest.mark.once

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def spans_of(request):
    """Pair each span of an export with the name of its service."""
    for resource in request.resource_spans:
        names = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
        assert names["service.version"]
        assert names["deployment.environment.name"] == "dev"
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield names["service.name"], span


def attributes_of(span) -> dict[str, object]:
    """Read a span's attributes."""
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


class Collector(ThreadingHTTPServer):
    """An OTLP/HTTP receiver that keeps the spans it gets."""

    def __init__(self):
        self.spans = []
        super().__init__(("127.0.0.1", 0), _Receiver)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.spans += spans_of(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@pytest.mark.parametrize("group", ["sona", "live"])
def test_every_request_is_a_span_and_its_trace_is_in_the_log(serve, group):
    collector = Collector()
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "MG_WORKER": "0", "MG_DRAIN_S": "0"}
    with serve("--group", group, **traced) as served:
        served.wait_until_ready(group)
        for n in range(20):
            httpx.get(served.url(f"/nothing/{n}", group))
        httpx.get(served.url("/mine", group), headers={"traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01"})
        served.stop()
    collector.shutdown()
    collector.server_close()

    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    logged = {line["trace_id"] for line in lines if line["event"] == "http.request"}
    sent = {span.trace_id.hex() for _, span in collector.spans}
    assert {name for name, _ in collector.spans} == {f"mediagateway-{group}"}
    assert len(collector.spans) == 21
    assert sent == logged
    assert TRACE_ID in sent


class GrpcCollector(TraceServiceServicer):
    """An OTLP/gRPC receiver."""

    def __init__(self):
        self.spans = []
        self.server = grpc.server(futures.ThreadPoolExecutor(2))
        add_TraceServiceServicer_to_server(self, self.server)
        self.url = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def Export(self, request, context):  # noqa: N802 -- the protocol's name
        self.spans += spans_of(request)
        return ExportTraceServiceResponse()


def test_spans_go_by_grpc_too(serve):
    collector = GrpcCollector()
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with serve("--group", "sona", MG_WORKER="0", MG_DRAIN_S="0", **traced) as served:
        served.wait_until_ready("sona")
        httpx.get(served.url("/nothing", "sona"))
        served.stop()
    collector.server.stop(0)

    assert [(service, span.name) for service, span in collector.spans] == [("mediagateway-sona", "GET none")]


def test_a_search_is_one_trace_down_to_its_sql_and_redis(serve):
    """Under several worker processes; probes leave nothing."""
    collector = Collector()
    with (
        valkey() as redis,
        serve(
            "--group",
            "discovery",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            REDIS_URL=redis,
            MG_WORKERS="2",
            MG_WORKER="0",
        ) as served,
    ):
        served.wait_until_ready("discovery")
        answer = httpx.get(
            served.url("/api/v1/search?q=secret+words", "discovery"), headers={"User-Agent": "a telling browser"}
        )
        assert answer.status_code == 200, answer.text
        served.stop()
    collector.shutdown()
    collector.server_close()

    spans = [span for _, span in collector.spans]
    (root,) = [span for span in spans if span.name.startswith("GET search:")]
    assert {span.trace_id for span in spans} == {root.trace_id}
    assert attributes_of(root)["http.route"] == "api/v1/search"
    assert attributes_of(root)["http.response.status_code"] == 200
    assert attributes_of(root)["http.request_id"] == answer.headers["x-request-id"]
    systems = {attributes_of(span).get("db.system.name") or attributes_of(span).get("db.system") for span in spans}
    assert systems >= {"sqlite", "redis"}
    assert any(span.name == "SELECT search_indexstate" for span in spans)
    # Neither what was looked for nor by what.
    assert "secret" not in str(spans)
    assert "telling" not in str(spans)


def test_a_delivery_belongs_to_the_trace_that_published_its_event(serve):
    collector = Collector()
    with serve("--group", "auth", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, MG_DRAIN_S="0") as served:
        served.wait_until_ready("auth")
        body = {"email": "grace@example.com", "password": "nanoseconds of wire", "display_name": "Grace"}
        headers = {"traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01"}
        assert httpx.post(served.url("/api/v1/auth/register", "auth"), json=body, headers=headers).status_code == 201
        deadline = time.monotonic() + 15
        while not any(line for line in served.log.read_text().splitlines() if "Confirm" in line):
            assert time.monotonic() < deadline, served.log.read_text()
            time.sleep(0.2)
        served.stop()
    collector.shutdown()
    collector.server_close()

    delivered = [span for service, span in collector.spans if service == "mediagateway-worker"]
    assert any(span.name.startswith("outbox ") for span in delivered)
    assert {span.trace_id.hex() for span in delivered} == {TRACE_ID}


def test_a_collector_that_is_down_costs_nothing(serve):
    """Requests are served as ever, and the group stops in time."""
    down = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "MG_WORKER": "0", "MG_DRAIN_S": "0"}
    with serve("--group", "sona", **down) as served, httpx.Client() as client:
        served.wait_until_ready("sona")
        took = []
        for _ in range(50):
            started = time.monotonic()
            assert client.get(served.url("/nothing", "sona")).status_code == 404
            took.append(time.monotonic() - started)
        stopping = time.monotonic()
        assert served.stop() == 0

    assert sorted(took)[25] < 0.5
    assert time.monotonic() - stopping < 20
