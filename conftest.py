"""What every test shares."""

import os

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from hypothesis import settings

# Examples differ from run to run on a developer's machine and are the same in CI, where a failure must be repeatable.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_modifyitems(config, items):
    """
    Choose by the stores of this run: `servers` tests need PostgreSQL and Redis, `once` tests need no second run.

    The marks are on what the stores decide; everything else runs on both.
    """
    has_servers = bool(django_settings.REDIS_URL and "postgres" in django_settings.DATABASE_URL)
    unwanted = "once" if has_servers else "servers"
    dropped = [item for item in items if item.get_closest_marker(unwanted)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if not item.get_closest_marker(unwanted)]


@pytest.fixture(autouse=True)
def _empty_cache():
    """Each test starts with nothing cached."""
    cache.clear()
