"""What every test shares."""

import os

import pytest
from django.core.cache import cache
from hypothesis import settings

# Examples differ from run to run on a developer's machine and are the same in CI, where a failure must be repeatable.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _empty_cache():
    """Each test starts with nothing cached."""
    cache.clear()
