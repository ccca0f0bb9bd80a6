"""The process groups: one table that picks the URLs, the worker and the pool sizes of every process."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """
    One gunicorn process group.

    Attributes:
        name: What `MG_GROUP` and `manage.py serve --group` call it.
        port: TCP port; the api group's can be moved by `PORT`.
        urlconf: Dotted module of its URLs.
        prefixes: Path prefixes that an ingress sends here; the longest that fits wins, and `/` of the api group takes
            the rest. Several lie inside another's: a URL belongs to who serves it, not to whom its name suggests.
        worker: "thread" (WSGI, threads) or "asgi" (event loop, long-lived connections).
        threads: Requests that one worker process serves at once.
        workers: Worker processes when Redis shares their state; without Redis it is always one.
        timeout_s: Seconds after which a silent worker is replaced.
        checks: Health checks of this group alone, name and dotted function. A worker runs each once before it serves,
            so a check that loads what it looks at warms the worker up.
    """

    name: str
    port: int
    urlconf: str
    prefixes: tuple[str, ...]
    worker: Literal["thread", "asgi"] = "thread"
    threads: int = 4
    workers: int = 2
    timeout_s: int = 30
    checks: tuple[tuple[str, str], ...] = ()


#: Of the groups that answer searches.
_SEARCH = (
    ("search", "apps.search.queries.index.check_index"),
    ("vectors", "apps.search.queries.index.check_vectors"),
)

GROUPS = MappingProxyType(
    {
        group.name: group
        for group in (
            ProcessGroup("api", 8080, "mediagateway.urls.api", ("/",), checks=_SEARCH),
            ProcessGroup(
                "discovery",
                8081,
                "mediagateway.urls.discovery",
                tuple(
                    f"/api/v1/{name}"
                    for name in ("search", "discover", "content", "movies", "tv", "genres", "platforms", "people")
                ),
                checks=_SEARCH,
            ),
            ProcessGroup(
                "sona",
                8082,
                "mediagateway.urls.sona",
                ("/api/v1/sona",),
                checks=(("engine", "apps.sona.queries.recommendations.check_engine"),),
            ),
            ProcessGroup("sync", 8083, "mediagateway.urls.sync", ("/api/v1/sync", "/api/v1/user/watchlist")),
            ProcessGroup("auth", 8084, "mediagateway.urls.auth", ("/api/v1/auth", "/api/v1/user", "/auth", "/link")),
            ProcessGroup(
                "ingestion",
                8085,
                "mediagateway.urls.ingestion",
                ("/api/v1/webhooks", "/api/v1/admin/sources", "/api/v1/admin/ingestion-runs"),
            ),
            ProcessGroup("playback", 8086, "mediagateway.urls.playback", ("/api/v1/playback", "/api/v1/user/history")),
            ProcessGroup(
                "mcp",
                8087,
                "mediagateway.urls.mcp",
                ("/mcp",),
                checks=(("tools", "apps.mcp.http.views.check_tools"),),
            ),
            ProcessGroup("live", 8088, "mediagateway.urls.live", ("/ws", "/api/v1/sync/events"), worker="asgi"),
        )
    }
)


def find_group(path: str) -> ProcessGroup:
    """Find who serves a path in production: the group of the longest prefix of whole segments."""
    served = [
        (len(prefix), group)
        for group in GROUPS.values()
        for prefix in group.prefixes
        if prefix == "/" or path == prefix or path.startswith(f"{prefix}/")
    ]
    return max(served, key=lambda entry: entry[0])[1]
