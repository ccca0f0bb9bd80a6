"""The limits' figures across four worker processes that share a real Redis, and what happens when it dies."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
import redis

from mediagateway.testing.servers import valkey

pytestmark = [pytest.mark.slow]
THREADS = 16


def flood(url, address, *, seconds):
    """Ask as fast as the server answers, and count the statuses."""
    with httpx.Client(headers={"x-forwarded-for": address}, timeout=20) as client, ThreadPoolExecutor(THREADS) as pool:
        ends_at = time.monotonic() + seconds

        def ask(_):
            statuses: Counter[int] = Counter()
            while time.monotonic() < ends_at:
                statuses[client.get(url).status_code] += 1
            return statuses

        return sum(pool.map(ask, range(THREADS)), Counter[int]())


def test_four_processes_are_one_limiter(serve):
    with valkey() as url, serve("--group", "api", REDIS_URL=url, MG_WORKERS="4") as served:
        served.wait_until_ready("api")
        for noun, per_minute, burst in (("sona", 30, 5), ("playback", 60, 10), ("search", 120, 20)):
            path = served.url(f"/api/v1/{noun}/none")

            assert flood(path, f"1.1.1.{burst}", seconds=0.8)[404] == burst
            assert flood(path, f"2.2.2.{burst}", seconds=per_minute / burst + 4)[404] == per_minute

        redis.Redis.from_url(url).shutdown(nosave=True)
        statuses = flood(path, "3.3.3.3", seconds=1)
        assert set(statuses) == {404}
        counted = f"mg_limits_unavailable_total {sum(statuses.values())}.0"
        assert counted in httpx.get(served.url("/metrics")).text
        assert "limits.unavailable" in served.log.read_text()

        with valkey(port=urlsplit(url).port):
            time.sleep(1.5)
            assert flood(path, "4.4.4.4", seconds=0.8)[404] == 20
