"""The worker stops in order: what it has begun it ends, and what it has not is free for the next one at once."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from deploy.tests.served import ROOT, embedded_environ, free_offset

pytestmark = [pytest.mark.once, pytest.mark.slow]

_EVENTS = 20_000
_PUBLISH = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
INSERT INTO kernel_outboxevent (topic, payload, created_at, traceparent, attempts, last_error)
SELECT 'test.nobody_listens', '{}', '2026-01-01 00:00:00', '', 0, '' FROM number
"""
_COUNT = """
SELECT count(delivered_at), count(*) - count(delivered_at),
       count(*) FILTER (WHERE delivered_at IS NULL AND (leased_until IS NOT NULL OR attempts > 0))
FROM kernel_outboxevent
"""


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_stopped_holds_nothing_back(migrated, tmp_path, signal_number):
    shutil.copy(migrated, tmp_path)
    environ = {**embedded_environ(), "DJANGO_SETTINGS_MODULE": "settings.dev", "MG_DATA_DIR": str(tmp_path)}
    environ["MG_PORT_OFFSET"] = str(free_offset())
    database = sqlite3.connect(tmp_path / "mediagateway.sqlite3", timeout=30, isolation_level=None)
    database.execute(_PUBLISH, (_EVENTS,))
    command = [sys.executable, "manage.py", "worker"]
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while database.execute(_COUNT).fetchone()[0] == 0:
        assert worker.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)

    worker.send_signal(signal_number)

    assert worker.wait(30) == 0
    assert "worker.stopped" in (tmp_path / "log").read_text()
    delivered, waiting, begun = database.execute(_COUNT).fetchone()
    assert waiting > 0
    assert delivered + waiting == _EVENTS
    assert begun == 0
