"""Traces reach the collector: all of them, also those that are in memory when the group stops."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

pytestmark = pytest.mark.once

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


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
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            names = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
            self.server.spans += [
                (names["service.name"], span) for scope in resource.scope_spans for span in scope.spans
            ]
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
