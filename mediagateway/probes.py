"""Asking the process groups of this machine how they are."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

#: Longer than `/ready` may take by itself.
_TIMEOUT_S = 3


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """
    What a group answered.

    Attributes:
        group: Its name.
        port: Where it was asked.
        statuses: Probe path -> HTTP status; 0 when nobody answered.
        readiness: The body of `/ready`; empty when nobody answered.
    """

    group: str
    port: int
    statuses: Mapping[str, int]
    readiness: Mapping[str, Any]

    @property
    def is_ready(self) -> bool:
        """Whether all three probes answered 200."""
        return all(status == 200 for status in self.statuses.values())


def probe_group(group: str) -> GroupHealth:
    """Ask a group's three probes, one after the other; never raises because of the network."""
    port, statuses, readiness = settings.PORTS[group], {}, {}
    for path in ("/health", "/ready", "/liveness"):
        statuses[path], body = _get(port, path)
        if path == "/ready" and body:
            readiness = json.loads(body)
    return GroupHealth(group, port, statuses, readiness)


def _get(port: int, path: str) -> tuple[int, bytes]:
    """Send one request; (0, b"") when it fails."""
    connection = http.client.HTTPConnection(_address(), port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path, headers={"Host": _host_name(), "Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _address() -> str:
    """Tell where this machine reaches its own servers: a server that listens everywhere listens on loopback too."""
    return "127.0.0.1" if settings.HOST in {"0.0.0.0", "::"} else settings.HOST  # noqa: S104 -- compared, not bound


def _host_name() -> str:
    """Name a host that the server accepts: the first of `ALLOWED_HOSTS`, without its wildcard."""
    name: str = settings.ALLOWED_HOSTS[0].lstrip("*.") if settings.ALLOWED_HOSTS else ""
    return name or "localhost"
