"""
What each middleware costs a request: `python -m perf.micro.middleware_cost`.

Times the empty view behind no middleware, behind the innermost one, and so on outwards; what each step adds is the cost
of its middleware. The stacks take turns, and the fastest turn of each counts.
"""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from perf.environment import YARDSTICK
from perf.micro.calls import measured_django, open_call, time_call

#: Many short turns: on a busy machine quiet moments are short.
_TURNS = 300


def main() -> None:
    """Print one line for each middleware, from the inside out."""
    with measured_django():
        stacks = [settings.MIDDLEWARE[at:] for at in range(len(settings.MIDDLEWARE), -1, -1)]
        calls = [open_call(_application(stack), YARDSTICK) for stack in stacks]
        turns = [[time_call(call, batches=1, calls=20) for call in calls] for _ in range(_TURNS)]
        best_us = [min(turn) for turn in zip(*turns, strict=True)]
        print("  sum µs  added µs")
        print(f"{best_us[0]:8.1f} {best_us[0]:9.1f}  Django and the view")
        for inner_us, us, stack in zip(best_us, best_us[1:], stacks[1:], strict=False):
            print(f"{us:8.1f} {us - inner_us:9.1f}  {stack[0]}")


def _application(middleware: list[str]) -> WSGIHandler:
    """Build the application behind some middleware; it reads the setting when it is built and never again."""
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


if __name__ == "__main__":
    main()
