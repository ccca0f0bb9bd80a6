"""The development settings with one more view, which takes as long as it is asked to."""

from settings.dev import *  # noqa: F403 -- a settings module is its parent plus its own lines

ROOT_URLCONF = "slow_urls"
