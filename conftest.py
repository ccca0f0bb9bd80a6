"""What every test shares."""

import os
import time

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import settings

from apps.auth.queries import api_keys, trust

_STARTED_AT = pytest.StashKey[float]()

pytest_plugins = ["apps.user.tests.households"]

# Examples differ from run to run on a developer's machine and are the same in CI, where a failure must be repeatable.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser):
    """Let CI say how long the slow proofs may take."""
    parser.addoption("--budget-s", type=float, default=None, help="start no test later than this many seconds")


def pytest_configure(config):
    """Start the clock of the budget."""
    config.stash[_STARTED_AT] = time.monotonic()


def pytest_runtest_setup(item):
    """Skip, and say so, what would begin after the budget is spent."""
    budget_s = item.config.getoption("--budget-s")
    if budget_s is not None and time.monotonic() - item.config.stash[_STARTED_AT] > budget_s:
        pytest.skip(f"The budget of {budget_s:.0f} s is spent.")


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


@pytest.fixture(autouse=True, scope="session")
def _emptiable_audit_log():
    """
    Between tests with transactions of their own Django empties every table, on SQLite row by row.

    The audit log's triggers refuse that, so they are taken off for just this moment.
    """
    operations = DatabaseWrapper.ops_class
    empty = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'kernel_auditentry'"
            )
            triggers = cursor.fetchall()
        statements = empty(self, style, tables, **options)
        return [*(f"DROP TRIGGER {name}" for name, _ in triggers), *statements, *(sql for _, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def _no_trust():
    """Each test starts with nothing believed about keys and tokens: the rows behind it are gone."""
    trust.store.forget()
    api_keys.cache.forget()
