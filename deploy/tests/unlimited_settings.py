"""The development settings without rate limits, for a client that asks thousands of times."""

from settings.dev import *  # noqa: F403 -- a settings module is its parent plus its own lines

LIMITS = ()
