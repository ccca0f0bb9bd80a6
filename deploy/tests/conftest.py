"""Servers for the tests of this folder."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.tests.served import ROOT, Served, embedded_environ


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A SQLite database with all tables and no rows, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    environ = {**embedded_environ(), "DJANGO_SETTINGS_MODULE": "settings.dev", "MG_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environ, check=True)
    return folder / "mediagateway.sqlite3"


@pytest.fixture(scope="module")
def serve(tmp_path_factory, migrated):
    """Start servers that end with the test or the module that started them."""

    @contextmanager
    def start(*arguments: str, **environ: str) -> Iterator[Served]:
        folder = tmp_path_factory.mktemp("data")
        shutil.copy(migrated, folder)
        served = Served(folder, *arguments, **environ)
        try:
            yield served
        finally:
            served.stop()

    return start
