"""Whether a request may come in: its group's two windows, its path's rules, and what admins have set instead."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import redis
import structlog
from prometheus_client import Counter

from mediagateway.limits.overrides import Overrides
from mediagateway.limits.table import TIER_FACTORS, LimitGroup, LimitRule
from mediagateway.limits.windows import Use, Window, Windows
from mediagateway.principal import Principal, Tier

#: Seconds before Redis is asked again after it did not answer.
RETRY_S = 1.0
#: Seconds between two lines of the log about that.
_LOG_EVERY_S = 10.0

UNAVAILABLE = Counter("mg_limits_unavailable_total", "Requests let in uncounted because Redis did not answer.")
REFUSED = Counter("mg_limits_refused_total", "Requests answered 429, by the limit that refused.", ["limit"])

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """One window of one request: what it is called, its size, and the key that it counts under."""

    name: str
    count: int
    window_s: int
    key: str

    @property
    def window(self) -> Window:
        """The window in its store."""
        return Window(self.key, self.count, self.window_s)


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What the windows say of a request.

    Attributes:
        limits: All that apply.
        limit, use: The one that refused; else the one with the least left.
    """

    limits: tuple[Limit, ...]
    limit: Limit
    use: Use


class Limiter:
    """The windows of a deployment with the overrides of this process."""

    def __init__(self, windows: Windows, overrides: Overrides) -> None:
        """Start with Redis, if it is Redis, taken for well."""
        self._windows = windows
        self._overrides = overrides
        self._retry_at = self._log_at = 0.0

    def group_limits(self, group: LimitGroup, subject: str, principal: Principal | None) -> tuple[Limit, Limit]:
        """Say which two windows hold for a subject in a group: a second's and a minute's."""
        tier = _tier_of(principal)
        override = self._overrides.find(group.name, subject, f"tier:{tier}")
        burst = override.burst if override else group.burst
        per_minute = override.per_minute if override else group.per_minute * TIER_FACTORS[tier]
        return (
            Limit(f"{group.name}-burst", burst, 1, f"{group.name}:1:{subject}"),
            Limit(group.name, per_minute, 60, f"{group.name}:60:{subject}"),
        )

    def rule_limits(
        self, rules: Iterable[LimitRule], traits: Mapping[str, str], subject: str, principal: Principal | None
    ) -> Iterator[Limit]:
        """Say which further windows hold; `traits` has a value, or an empty one, for all that the rules count by."""
        for rule in rules:
            counted = "\n".join(traits[trait] for trait in rule.by)
            # A body without an e-mail address is refused by its view; the client's address counts it all the same.
            if not counted:
                continue
            override = self._overrides.find(rule.name, subject, f"tier:{_tier_of(principal)}")
            count, window_s = (override.per_minute, 60) if override else (rule.count, rule.window_s)
            # Hashed: Redis has no business with addresses, and a key is of one length.
            key = blake2b(counted.encode(errors="replace"), digest_size=16).hexdigest()
            yield Limit(rule.name, count, window_s, f"{rule.name}:{window_s}:{key}")

    def admit(self, limits: tuple[Limit, ...]) -> Verdict | None:
        """
        Count a request in its windows; in none of them when one is full.

        Returns:
            None when Redis does not answer, which lets the request in.
        """
        if self._retry_at > time.monotonic():
            UNAVAILABLE.inc()
            return None
        try:
            uses = self._windows.hit([limit.window for limit in limits])
        except redis.RedisError as err:
            self._stand_back(err)
            return None
        if self._retry_at:
            self._retry_at = self._log_at = 0.0
            _log.info("limits.available")
        verdicts = [Verdict(limits, limit, use) for limit, use in zip(limits, uses, strict=True)]
        for verdict in verdicts:
            if not verdict.use.is_allowed:
                REFUSED.labels(verdict.limit.name).inc()
                return verdict
        # A second is over before anybody has read how it stands.
        return min((each for each in verdicts if each.limit.window_s > 1), key=lambda each: each.use.remaining)

    def _stand_back(self, err: redis.RedisError) -> None:
        """Count, tell now and then, and leave Redis alone for a moment."""
        UNAVAILABLE.inc()
        now = time.monotonic()
        self._retry_at = now + RETRY_S
        if now >= self._log_at:
            self._log_at = now + _LOG_EVERY_S
            _log.error("limits.unavailable", error=repr(err))


def _tier_of(principal: Principal | None) -> Tier:
    """Whoever is unknown has the tier of those who pay nothing."""
    return principal.tier if principal else Tier.FREE
