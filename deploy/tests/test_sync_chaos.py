"""
Fifty devices that write all the time while server processes and Valkey are killed at random.

At the end every operation that was acknowledged is there, and every device of a person has the same digest.
`MG_CHAOS_S` sets for how long, in seconds.
"""

import json
import os
import random
import signal
import threading
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import psutil
import pytest
import redis

from apps.sync.tests.client import SyncClient
from apps.user.tests.factories import EVERY_SCOPE
from mediagateway.testing.servers import valkey

pytestmark = [pytest.mark.slow, pytest.mark.once]

CHAOS_S = int(os.environ.get("MG_CHAOS_S", "60"))
PEOPLE, DEVICES_EACH = 10, 5
#: Seconds between two kills.
KILL_EVERY_S = (2.0, 5.0)
MAKE_PEOPLE = """
import json
from apps.user.tests.factories import make_account
from apps.content.tests.factories import TitleFactory
accounts = [make_account() for _ in range({people})]
titles = [TitleFactory.create() for _ in range(30)]
print(json.dumps([[str(each.id) for each in accounts], [str(each.id) for each in titles]]))
"""


class Device(threading.Thread):
    """A person's device: writes, exchanges, and tries again when nobody answers."""

    def __init__(self, base, account_id, titles, seed):
        super().__init__(daemon=True)
        self.chance, self.titles = random.Random(seed), [UUID(each) for each in titles]
        words = ",".join([account_id, "-", *sorted(EVERY_SCOPE)])
        self.http = httpx.Client(base_url=f"{base}/api/v1/", headers={"Authorization": f"Bearer {words}"}, timeout=10)
        self.acknowledged, self.stopped, self.failures = set(), threading.Event(), 0
        self.person = account_id
        device = self._call("POST", "sync/devices", {"kind": "phone", "platform": "ios"})
        self.client = SyncClient(device["id"], lambda path, body: self._call("POST", path, body), self._get)

    def run(self):
        while not self.stopped.is_set():
            for _ in range(self.chance.randint(1, 4)):
                self._write()
            self.exchange()
            time.sleep(self.chance.uniform(0.05, 0.5))

    def exchange(self):
        """Exchange once, whatever comes of it."""
        before = list(self.client.queue)
        try:
            self.client.sync()
        except (httpx.HTTPError, OSError):
            self.failures += 1
        waiting = {operation.id for operation in self.client.queue}
        refused = {operation.id for operation, _ in self.client.refused}
        self.acknowledged |= {each.id for each in before} - waiting - refused

    def _write(self):
        title, client = self.chance.choice(self.titles), self.client
        kind = self.chance.randrange(4)
        if kind == 0:
            client.add(title)
        elif kind == 1 and title in client.watchlist():
            client.remove(title)
        elif kind == 2:
            client.watch(title, uuid4(), self.chance.randrange(6000))
        else:
            client.prefer("video_quality", self.chance.choice(["sd", "hd", "uhd"]))

    def state(self):
        """Ask for what the server has."""
        return self._get("sync/state")

    def _get(self, path):
        return self._call("GET", path)

    def _call(self, method, path, body=None):
        answer = self.http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


class Store:
    """A Valkey that dies and comes back under the same address."""

    def __init__(self):
        self._running = ExitStack()
        self.url = self._running.enter_context(valkey())

    def kill(self, pause_s):
        """Stop it without a word, and start an empty one after a moment."""
        redis.Redis.from_url(self.url).shutdown(nosave=True)
        self._running.close()
        time.sleep(pause_s)
        self._running.enter_context(valkey(port=urlsplit(self.url).port))

    def close(self):
        self._running.close()


def kill_something(served, store, chance):
    """Kill a worker process of a group, or the store that signals go through; both come back."""
    if chance.random() < 0.25:
        store.kill(chance.uniform(0, 1))
        return "valkey"
    group = chance.choice(["api", "live"])
    workers = psutil.Process(served.master(group)).children()
    if workers:
        chance.choice(workers).send_signal(signal.SIGKILL)
    return group


def test_nothing_acknowledged_is_lost_and_all_agree(serve):
    chance = random.Random(7)
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store()))
        settings = {"DJANGO_SETTINGS_MODULE": "deploy.tests.vouching_settings", "MG_WORKERS": "2"}
        served = stack.enter_context(serve("--group", "api", REDIS_URL=store.url, **settings))
        made = served.manage("shell", "--verbosity", "0", "-c", MAKE_PEOPLE.format(people=PEOPLE))
        accounts, titles = json.loads(made.stdout.splitlines()[-1])
        served.wait_until_ready("api", "live")
        devices = [
            Device(served.url(""), account, titles, seed=place * 10 + number)
            for place, account in enumerate(accounts)
            for number in range(DEVICES_EACH)
        ]

        killed = []
        for device in devices:
            device.start()
        ends_at = time.monotonic() + CHAOS_S
        while time.monotonic() < ends_at:
            time.sleep(chance.uniform(*KILL_EVERY_S))
            killed.append(kill_something(served, store, chance))
        for device in devices:
            device.stopped.set()
        for device in devices:
            device.join(60)
        served.wait_until_ready("api")
        for _ in range(3):
            for device in devices:
                device.exchange()

        states = {device.person: device.state() for device in devices}
        operations = served.manage(
            "shell",
            "--verbosity",
            "0",
            "-c",
            "import json; from apps.sync.models import LogEntry;"
            "print(json.dumps([str(each) for each in LogEntry.objects.values_list('operation_id', flat=True)]))",
        )
        present = set(json.loads(operations.stdout.splitlines()[-1]))
        acknowledged = {str(each) for device in devices for each in device.acknowledged}
        lost = acknowledged - present
        differing = [device for device in devices if device.client.digest() != states[device.person]["digest"]]
        waiting = [device for device in devices if device.client.queue]
        # What a run has to say for perf/README.md; pytest shows it with -s.
        print(  # noqa: T201 -- as said
            f"{len(acknowledged)} acknowledged, {len(lost)} lost, {len(differing)} of {len(devices)} digests differ, "
            f"{sum(device.failures for device in devices)} failed exchanges, {len(killed)} kills, "
            f"{sum(device.client.resets for device in devices)} resets",
            flush=True,
        )

    for device in devices:
        device.http.close()
    assert lost == set()
    assert differing == waiting == []
    assert len(acknowledged) > len(devices)
    assert set(killed) == {"api", "live", "valkey"}
