"""How much a caller may ask for: one table that the limiter, the admin API and the tests read. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class LimitRule:
    """
    A further limit on one POST, by what the group's own does not count.

    Attributes:
        name: What overrides, headers and metrics call it.
        path: The whole path.
        count: Requests in `window_s` seconds.
        by: What is counted together: the client's address, the body's `email`, or both as a pair.
    """

    name: str
    path: str
    count: int
    window_s: int
    by: tuple[Literal["address", "email"], ...]


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """
    Paths that share one limit.

    Attributes:
        name: What overrides, headers and metrics call it.
        prefixes: Whole path segments; the longest prefix of any group decides.
        per_minute: Requests in any 60 seconds; a tier multiplies it.
        burst: Requests in any one second, whatever the tier.
        by: "principal": the API key, else the account, else the client's address. "segment": what follows the prefix.
        rules: Further limits on single paths of the group.
    """

    name: str
    prefixes: tuple[str, ...]
    per_minute: int
    burst: int
    by: Literal["principal", "segment"] = "principal"
    rules: tuple[LimitRule, ...] = ()


class Table:
    """The groups by their prefixes."""

    def __init__(self, groups: Iterable[LimitGroup]) -> None:
        """
        Index the groups.

        Raises:
            ValueError: Two groups claim one prefix.
        """
        self._by_prefix: dict[str, LimitGroup] = {}
        for group in groups:
            for prefix in group.prefixes:
                if prefix in self._by_prefix:
                    raise ValueError(f"{prefix} is in two groups.")
                self._by_prefix[prefix] = group
        self._depth = max((prefix.count("/") for prefix in self._by_prefix), default=0)

    def find(self, path: str) -> tuple[LimitGroup, str] | None:
        """Find the group of the longest prefix, and that prefix; None is not limited."""
        segments = path.split("/", self._depth + 1)[: self._depth + 1]
        while len(segments) > 1:
            prefix = "/".join(segments)
            if group := self._by_prefix.get(prefix):
                return group, prefix
            segments.pop()
        return None


_API = "/api/v1"
_CATALOGUE = ("content", "movies", "tv", "genres", "platforms", "people")

LIMITS = (
    LimitGroup("playback", (f"{_API}/playback",), 60, 10),
    LimitGroup("sona", (f"{_API}/sona",), 30, 5),
    LimitGroup("sync", (f"{_API}/sync",), 120, 20),
    LimitGroup("search", (f"{_API}/search", f"{_API}/discover"), 120, 20),
    LimitGroup("content", tuple(f"{_API}/{noun}" for noun in _CATALOGUE), 300, 50),
    LimitGroup("user", (f"{_API}/user",), 120, 20),
    LimitGroup(
        "auth",
        (f"{_API}/auth", "/auth/token", "/auth/device"),
        30,
        10,
        rules=(
            LimitRule("login", f"{_API}/auth/login", 10, 60, ("email", "address")),
            LimitRule("register", f"{_API}/auth/register", 5, 3600, ("address",)),
            LimitRule("forgot_by_address", f"{_API}/auth/password/forgot", 3, 3600, ("address",)),
            LimitRule("forgot_by_email", f"{_API}/auth/password/forgot", 3, 3600, ("email",)),
        ),
    ),
    LimitGroup("mcp", ("/mcp",), 60, 10),
    LimitGroup("admin", (f"{_API}/admin", "/auth", "/link", "/ws"), 120, 20),
    LimitGroup("webhooks", (f"{_API}/webhooks",), 100, 20, by="segment"),
    # Whatever else is under /api/v1, also what does not exist: guessing paths is not free.
    LimitGroup("other", (_API, "/csp-reports"), 120, 20),
)

#: Multiplies `per_minute`.
TIER_FACTORS = MappingProxyType({"free": 1, "premium": 5, "enterprise": 20})
