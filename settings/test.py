"""The test suite: nothing secret, a data folder of its own."""

from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "test"
SECRET_KEY = "test-only-key"  # noqa: S105 -- signs nothing outside a test run
KEK = b"test-only-key-encryption-key-32b"
ALLOWED_HOSTS = ["*"]
DATA_DIR = BASE_DIR / "var" / "test"
# The limiter's own tests set the real table; all others ask as often as they like.
LIMITS = ()
