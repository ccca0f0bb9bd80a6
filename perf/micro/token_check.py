"""
What checking a bearer token costs a request: `python -m perf.micro.token_check`.

An access token by itself, of somebody whom this process has not seen lately and of somebody whom it has, and what one
adds to the empty view behind the whole middleware. All take turns, in CPU time of this process, and the fastest turn of
each counts: whatever else the machine does can only make a turn slower. People are asked for in a circle: of more than
a process remembers none is known any more when they come round, of 2,000 all are.
"""

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import uuid4

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.utils import timezone

from perf.environment import YARDSTICK
from perf.micro.calls import measured_django, open_call

#: The check may take so much of a request.
AIM_US = 300
_PEOPLE = 10_000
_KNOWN_PEOPLE = 2000
_TURNS, _CALLS = 100, 50


def main() -> None:
    """Print one line for each."""
    with measured_django():
        from apps.auth.api import verify_token

        call_command("migrate", verbosity=0)
        made = _make_tokens()
        tokens, known = cycle(made), cycle(made[:_KNOWN_PEOPLE])
        application = WSGIHandler()
        calls: dict[str, Callable[[], object]] = {
            "token check, first look": lambda: _checked(verify_token(next(tokens))),
            "empty view, anonymous": open_call(application, YARDSTICK),
            "empty view, with a token at first look": open_call(application, YARDSTICK, headers=_signed(tokens)),
        }
        first_us = _best_us(calls)
        calls = {
            "token check, seen before": lambda: _checked(verify_token(next(known))),
            "empty view, with a token seen before": open_call(application, YARDSTICK, headers=_signed(known)),
        }
        for call in calls.values():
            _time(call, calls=_KNOWN_PEOPLE)
        best_us = {**first_us, **_best_us(calls)}
    for name, us in best_us.items():
        print(f"{us:8.1f} µs  {name}")
    alone_us = best_us["token check, first look"]
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


def _signed(tokens: Iterator[str]) -> Iterator[dict[str, str]]:
    return ({"HTTP_AUTHORIZATION": f"Bearer {token}"} for token in tokens)


def _best_us(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Let all take turns: CPU µs of the fastest turn of each."""
    turns = [[_time(call) for call in calls.values()] for _ in range(_TURNS)]
    return dict(zip(calls, (min(turn) for turn in zip(*turns, strict=True)), strict=True))


def _checked(principal: object) -> None:
    """Measure no refusals."""
    if principal is None:
        raise RuntimeError("The token is refused.")


def _time(call: Callable[[], object], *, calls: int = _CALLS) -> float:
    """Time a turn of calls: CPU µs of one."""
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1e6


if __name__ == "__main__":
    main()
