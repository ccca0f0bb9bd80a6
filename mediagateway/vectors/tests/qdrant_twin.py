"""
Qdrant's HTTP interface over the client's own local mode, for what no in-memory client shows: real requests.

Every request is parsed by the client's own models, so a body that the server would refuse is refused here. It is not
the server: what a server does beyond the client's local mode is proven only against one, by QDRANT_URL.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from qdrant_client import QdrantClient
from qdrant_client import models as q

Answer = tuple[int, Any]


class _Twin:
    """The routes that the adapter uses."""

    def __init__(self) -> None:
        self.local = QdrantClient(":memory:")
        self.lock = threading.Lock()
        collection = r"/collections/(?P<name>[^/]+)"
        self.routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", r"/collections", self.list_collections),
            ("GET", r"/aliases", self.list_aliases),
            ("POST", r"/collections/aliases", self.change_aliases),
            ("GET", collection + "/exists", self.exists),
            ("GET", collection, self.describe),
            ("PUT", collection, self.create),
            ("PATCH", collection, self.change),
            ("DELETE", collection, self.drop),
            ("PUT", collection + "/index", self.index),
            ("PUT", collection + "/points", self.upsert),
            ("POST", collection + "/points", self.retrieve),
            ("POST", collection + "/points/delete", self.delete),
            ("POST", collection + "/points/query", self.query),
            ("POST", collection + "/points/scroll", self.scroll),
            ("POST", collection + "/points/count", self.count),
        ]

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        for known, pattern, handle in self.routes:
            match = re.fullmatch(pattern, path)
            if known == method and match:
                try:
                    with self.lock:
                        return 200, handle(body=body, **match.groupdict())
                except ValueError as err:
                    return (404 if "not found" in str(err) else 400), {"error": str(err)}
        return 404, {"error": f"no route {method} {path}"}

    def list_collections(self, *, body):
        return self.local.get_collections().model_dump()

    def list_aliases(self, *, body):
        return self.local.get_aliases().model_dump()

    def change_aliases(self, *, body):
        asked = q.ChangeAliasesOperation.model_validate_json(body)
        return self.local.update_collection_aliases(asked.actions)

    def exists(self, *, name, body):
        return {"exists": self.local.collection_exists(name)}

    def describe(self, *, name, body):
        return self.local.get_collection(name).model_dump(mode="json")

    def create(self, *, name, body):
        asked = q.CreateCollection.model_validate_json(body)
        return self.local.create_collection(name, vectors_config=asked.vectors, metadata=asked.metadata)

    def change(self, *, name, body):
        asked = q.UpdateCollection.model_validate_json(body)
        return self.local.update_collection(name, metadata=asked.metadata)

    def drop(self, *, name, body):
        return self.local.delete_collection(name)

    def index(self, *, name, body):
        asked = q.CreateFieldIndex.model_validate_json(body)
        assert asked.field_schema in (q.PayloadSchemaType.KEYWORD, q.PayloadSchemaType.FLOAT)
        return {"operation_id": 0, "status": "completed"}

    def upsert(self, *, name, body):
        asked = q.PointsList.model_validate_json(body)
        self.local.upsert(name, asked.points)
        return {"operation_id": 0, "status": "completed"}

    def delete(self, *, name, body):
        self.local.delete(name, q.PointIdsList.model_validate_json(body))
        return {"operation_id": 0, "status": "completed"}

    def retrieve(self, *, name, body):
        asked = q.PointRequest.model_validate_json(body)
        records = self.local.retrieve(
            name, asked.ids, with_payload=bool(asked.with_payload), with_vectors=bool(asked.with_vector)
        )
        return [record.model_dump() for record in records]

    def query(self, *, name, body):
        asked = q.QueryRequest.model_validate_json(body)
        answer = self.local.query_points(
            name,
            query=asked.query.nearest if isinstance(asked.query, q.NearestQuery) else asked.query,
            query_filter=asked.filter,
            score_threshold=asked.score_threshold,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=bool(asked.with_payload),
        )
        return answer.model_dump()

    def scroll(self, *, name, body):
        asked = q.ScrollRequest.model_validate_json(body)
        records, offset = self.local.scroll(
            name,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=bool(asked.with_payload),
            with_vectors=bool(asked.with_vector),
        )
        return {"points": [record.model_dump() for record in records], "next_page_offset": offset}

    def count(self, *, name, body):
        asked = q.CountRequest.model_validate_json(body)
        return self.local.count(name, exact=bool(asked.exact)).model_dump()


@contextmanager
def qdrant_twin() -> Iterator[str]:
    """Run the twin on a free port and give its address."""
    twin = _Twin()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, result = twin.answer(self.command, urlsplit(self.path).path, body)
            failed = status != 200
            envelope = {"time": 0.0, "status": result if failed else "ok", "result": None if failed else result}
            content = json.dumps(envelope).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._serve)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        twin.local.close()
