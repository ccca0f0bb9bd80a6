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
    worker: Literal["thread", "asgi"] = "thread"
    threads: int = 4
    workers: int = 2
    timeout_s: int = 30
    checks: tuple[tuple[str, str], ...] = ()


#: Of the groups that answer searches.
_SEARCH = (("search", "apps.search.queries.check_index"),)

GROUPS = MappingProxyType(
    {
        group.name: group
        for group in (
            ProcessGroup("api", 8080, "mediagateway.urls.api", checks=_SEARCH),
            ProcessGroup("discovery", 8081, "mediagateway.urls.discovery", checks=_SEARCH),
            ProcessGroup("sona", 8082, "mediagateway.urls.sona"),
            ProcessGroup("sync", 8083, "mediagateway.urls.sync"),
            ProcessGroup("auth", 8084, "mediagateway.urls.auth"),
            ProcessGroup("ingestion", 8085, "mediagateway.urls.ingestion"),
            ProcessGroup("playback", 8086, "mediagateway.urls.playback"),
            ProcessGroup("mcp", 8087, "mediagateway.urls.mcp"),
            ProcessGroup("live", 8088, "mediagateway.urls.live", worker="asgi"),
        )
    }
)
