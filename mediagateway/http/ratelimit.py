"""Rate limits in front of every view, and of every path that has none."""

from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

from mediagateway.http.authentication import identify
from mediagateway.http.errors import RateLimitedError
from mediagateway.http.problem import problem_response
from mediagateway.limits.limiter import Limit, Limiter, Verdict
from mediagateway.limits.overrides import Overrides
from mediagateway.limits.subjects import client_address, subject_of
from mediagateway.limits.table import LimitGroup, Table
from mediagateway.limits.windows import open_windows


class RateLimitMiddleware:
    """
    Counts a request for its principal and answers 429 when a window is full; paths outside the table pass.

    Inside the guards, so that nothing unreadable is counted; outside the URL conf, so that guessing paths is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._table = Table(settings.LIMITS)
        self._limiter = Limiter(open_windows(), Overrides())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let in or refuse, and say what is left."""
        found = self._table.find(request.path_info)
        if found is None:
            return self.get_response(request)
        verdict = self._limiter.admit(self._limits(request, *found))
        if verdict is None:
            return self.get_response(request)
        response = self.get_response(request) if verdict.use.is_allowed else _refuse(request, verdict)
        _describe(response, verdict)
        return response

    def _limits(self, request: HttpRequest, group: LimitGroup, prefix: str) -> tuple[Limit, ...]:
        """Gather the windows that this request is counted in."""
        path = request.path_info
        principal = identify(request)
        subject = subject_of(principal, request)
        if group.by == "segment":
            return self._limiter.group_limits(group, f"segment:{path[len(prefix) + 1 :].partition('/')[0]}", None)
        limits: tuple[Limit, ...] = self._limiter.group_limits(group, subject, principal)
        rules = [rule for rule in group.rules if rule.path == path]
        if rules and request.method == "POST":
            traits = {"address": client_address(request), "email": _email_in(request)}
            limits += tuple(self._limiter.rule_limits(rules, traits, subject, principal))
        return limits


def _refuse(request: HttpRequest, verdict: Verdict) -> HttpResponseBase:
    """Answer with a problem that names the window."""
    limit = verdict.limit
    window = "second" if limit.window_s == 1 else f"{limit.window_s} seconds"
    error = RateLimitedError(f"At most {limit.count} requests in any {window} here.")
    return problem_response(request, error, headers={"Retry-After": str(max(ceil(verdict.use.frees_in_s), 1))})


def _describe(response: HttpResponseBase, verdict: Verdict) -> None:
    """Write the older header fields and those of draft-ietf-httpapi-ratelimit-headers."""
    limit, use = verdict.limit, verdict.use
    remaining, reset_s = str(use.remaining), str(ceil(use.frees_in_s))
    response["X-RateLimit-Limit"] = str(limit.count)
    response["X-RateLimit-Remaining"] = remaining
    response["X-RateLimit-Reset"] = reset_s
    response["RateLimit"] = f'"{limit.name}";r={remaining};t={reset_s}'
    response["RateLimit-Policy"] = _policy(tuple((each.name, each.count, each.window_s) for each in verdict.limits))


@lru_cache(maxsize=256)
def _policy(windows: tuple[tuple[str, int, int], ...]) -> str:
    """Name every window: its quota and its length in seconds."""
    return ", ".join(f'"{name}";q={count};w={window_s}' for name, count, window_s in windows)


def _email_in(request: HttpRequest) -> str:
    """Read the address of e-mail in a JSON body; empty when there is none, which the view will refuse."""
    try:
        body: Any = orjson.loads(request.body)
    except (orjson.JSONDecodeError, RequestDataTooBig, UnreadablePostError):
        return ""
    email = body.get("email") if isinstance(body, dict) else None
    return email.strip().casefold() if isinstance(email, str) else ""
