"""
What each middleware costs a request: `python -m perf.micro.middleware_cost`.

Times the empty view behind no middleware, then behind the innermost one, and so on outwards; what each step adds is the
cost of its middleware.
"""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from perf.micro.calls import measured_django, open_call, time_call


def main() -> None:
    """Print one line for each middleware, from the inside out."""
    with measured_django():
        print("  sum µs  added µs")
        before_us = 0.0
        for count in range(len(settings.MIDDLEWARE) + 1):
            chosen = settings.MIDDLEWARE[len(settings.MIDDLEWARE) - count :]
            with override_settings(MIDDLEWARE=chosen):
                us = time_call(open_call(WSGIHandler(), "/yardstick"), batches=30, calls=200)
            print(f"{us:8.1f} {us - before_us:9.1f}  {chosen[0] if chosen else 'Django and the view'}")
            before_us = us


if __name__ == "__main__":
    main()
