"""The test suite: nothing secret, a data folder of its own."""

import os

from settings import base
from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "test"
SECRET_KEY = "test-only-key"  # noqa: S105 -- signs nothing outside a test run
KEK = b"test-only-key-encryption-key-32b"
ALLOWED_HOSTS = ["*"]
# pytest-xdist numbers its workers: each has a folder and a database of Redis to itself, as Django gives it one of rows.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATA_DIR = BASE_DIR / "var" / "test" / _WORKER
if base.REDIS_URL:
    REDIS_URL = f"{base.REDIS_URL.rpartition('/')[0]}/{_WORKER.removeprefix('gw')}"
    CACHES["default"]["LOCATION"] = REDIS_URL
# The limiter's own tests set the real table; all others ask as often as they like.
LIMITS = ()
# Tests write the log of searches themselves: a thread would have a connection, and so a database, of its own.
QUERY_LOG_INTERVAL_S = 0.0
