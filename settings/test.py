"""The test suite: nothing secret, a data folder of its own."""

from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "test"
SECRET_KEY = "test-only-key"  # noqa: S105 -- signs nothing outside a test run
ALLOWED_HOSTS = ["*"]
DATA_DIR = BASE_DIR / "var" / "test"
