"""
What checking a bearer token costs a request: `python -m perf.micro.token_check`.

An access token by itself, and what one adds to the empty view behind the whole middleware. All take turns, in CPU time
of this process, and the fastest turn of each counts: whatever else the machine does can only make a turn slower. Of
4,000 people each sends a token of their own, so that nothing is remembered from the last request.
"""

import time
from collections.abc import Callable
from itertools import cycle
from uuid import uuid4

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.utils import timezone

from perf.environment import YARDSTICK
from perf.micro.calls import measured_django, open_call

#: The check may take so much of a request.
AIM_US = 300
_PEOPLE = 4000
_TURNS, _CALLS = 100, 50


def main() -> None:
    """Print one line for each."""
    with measured_django():
        from apps.auth.api import verify_token

        call_command("migrate", verbosity=0)
        tokens = cycle(_make_tokens())
        application = WSGIHandler()
        signed_in = ({"HTTP_AUTHORIZATION": f"Bearer {token}"} for token in tokens)
        calls: dict[str, Callable[[], object]] = {
            "token check": lambda: _checked(verify_token(next(tokens))),
            "empty view, anonymous": open_call(application, YARDSTICK),
            "empty view, with a token": open_call(application, YARDSTICK, headers=signed_in),
        }
        turns = [[_time(call) for call in calls.values()] for _ in range(_TURNS)]
        best_us = dict(zip(calls, (min(turn) for turn in zip(*turns, strict=True)), strict=True))
    for name, us in best_us.items():
        print(f"{us:8.1f} µs  {name}")
    alone_us = best_us["token check"]
    print(f"{'below' if alone_us < AIM_US else 'NOT below'} the {AIM_US} µs that a token check may take")


def _make_tokens() -> list[str]:
    """Sign a token for each of many people, who need no rows: a check reads none."""
    from apps.auth import conf
    from apps.auth.domain import access_tokens
    from apps.auth.services.keys import get_signer
    from mediagateway.principal import Principal
    from mediagateway.scopes import USER_SCOPES

    now = timezone.now()
    signer, place, now_s = get_signer(now), conf.place(), int(now.timestamp())
    people = (
        Principal(account_id=uuid4(), scopes=USER_SCOPES, token_id=uuid4().hex, session_id=uuid4())
        for _ in range(_PEOPLE)
    )
    return [access_tokens.encode(person, signer, place, now_s=now_s) for person in people]


def _checked(principal: object) -> None:
    """Measure no refusals."""
    if principal is None:
        raise RuntimeError("The token is refused.")


def _time(call: Callable[[], object]) -> float:
    """Time a turn of calls: CPU µs of one."""
    started = time.process_time()
    for _ in range(_CALLS):
        call()
    return (time.process_time() - started) / _CALLS * 1e6


if __name__ == "__main__":
    main()
