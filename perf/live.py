"""
Sync under load: single operations at a steady rate, then sockets that hear what another device wrote.

    python -m perf.catalogue && python -m perf.people --count 1000
    python -m perf.live

starts the groups `sync` and `live` and a worker as production does, on the stores that the environment names, and stops
them in the end. Operations arrive whether or not earlier ones were answered. A socket's delay runs from the moment at
which one device sends an operation until the other device of the same person has it; both are in this process, whose
share of the cores is in the figures. Answers are counted by status.
"""

import argparse
import asyncio
import json
import os
import random
import time
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import websockets

from apps.sync.domain.clock import HybridClock
from perf.environment import ROOT, client_address, set_environment
from perf.groups import Meter, running_groups
from settings.groups import GROUPS

#: Seconds to wait for a message that must come.
_PATIENCE_S = 10
#: Distance of the groups' ports from the usual ones.
_OFFSET = 12_220
_LIVE = f"ws://127.0.0.1:{GROUPS['live'].port + _OFFSET}"
#: Seconds in which all sockets are opened.
_RAMP_S = 20


def main() -> None:
    """Run both parts and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=Path, default=ROOT / "perf" / "people.json")
    parser.add_argument("--rate", type=int, default=100, help="operations a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--sockets", type=int, default=500)
    options = parser.parse_args()
    set_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = "perf.live_settings"
    people = json.loads(options.people.read_text())
    with running_groups(["sync", "live"], offset=_OFFSET) as pids, Meter(pids) as meter:
        asyncio.run(_measure(options, people))
    used = {name: usage.cpu_s for name, usage in meter.usage.items()} | {"this process": time.process_time()}
    print("CPU seconds: " + ", ".join(f"{name} {cpu_s:.1f}" for name, cpu_s in used.items()))


async def _measure(options: argparse.Namespace, people: dict[str, Any]) -> None:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    url = f"http://127.0.0.1:{GROUPS['sync'].port + _OFFSET}/api/v1/"
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        # The first answers of a process are slow: they are not what is measured.
        await _steady(http, people, rate=20, seconds=3)
        operations = await _steady(http, people, rate=options.rate, seconds=options.seconds)
        delays = await _sockets(http, people["people"], count=options.sockets, seconds=options.seconds)
    print("| | n | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|")
    for name, figures in (
        (f"operation at {options.rate}/s", operations),
        (f"operation to the other device, {options.sockets} sockets", delays),
    ):
        shown = " | ".join(f"{_percentile(figures, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99))
        print(f"| {name} | {len(figures)} | {shown} |")


async def _steady(http: httpx.AsyncClient, people: dict[str, Any], *, rate: int, seconds: int) -> list[float]:
    """Send single operations at a rate, by one person after the other."""
    took: list[float] = []
    statuses: dict[int, int] = {}

    async def send(token: str, place: int) -> None:
        title = people["titles"][place % len(people["titles"])]
        body = {"content_id": title, "position_s": place % 5000, "duration_s": 6000, "state": "playing"}
        started = time.perf_counter()
        answer = await http.post("sync/progress", json=body, headers={"Authorization": f"Bearer {token}"})
        took.append(time.perf_counter() - started)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

    tokens = cycle(person["access_token"] for person in people["people"])
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for place in range(rate * seconds):
            await asyncio.sleep(max(begun + place / rate - time.perf_counter(), 0))
            group.create_task(send(next(tokens), place))
    print(f"answers: {statuses}")
    return took


async def _sockets(http: httpx.AsyncClient, people: list[dict[str, Any]], *, count: int, seconds: int) -> list[float]:
    """Open two sockets a person, and have one device write while the other listens."""
    delays: list[float] = []
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people[: count // 2]):
            wait_s = _RAMP_S * number / (count // 2)
            group.create_task(_converse(http, number, person["access_token"], seconds, delays, wait_s))
    return delays


async def _converse(
    http: httpx.AsyncClient, number: int, token: str, seconds: int, delays: list[float], wait_s: float
) -> None:
    """Write by one socket of a person and hear it on the other, once every five seconds."""
    # Attempts to connect are limited by address, and everybody has one.
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": client_address(number)}
    await asyncio.sleep(wait_s)
    devices = [await _post(http, "sync/devices", {"kind": "phone", "platform": "ios"}, headers) for _ in range(2)]
    tickets = [await _post(http, "sync/ticket", {"device_id": each["id"]}, headers) for each in devices]
    urls = [f"{_LIVE}{urlsplit(ticket['ws_url']).path}?ticket={ticket['ticket']}" for ticket in tickets]
    clock = HybridClock(devices[0]["id"])
    address = {"X-Forwarded-For": client_address(number)}
    async with (
        websockets.connect(urls[0], additional_headers=address) as writer,
        websockets.connect(urls[1], additional_headers=address) as listener,
    ):
        for seq in range(1, seconds // 5 + 1):
            await asyncio.sleep(random.uniform(2.5, 7.5))
            operation = {
                "id": str(uuid4()),
                "seq": seq,
                "stamp": clock.tick(int(time.time() * 1000)),
                "type": "preference",
                "key": "subtitles_enabled",
                "value": bool(seq % 2),
            }
            started = time.perf_counter()
            await writer.send(json.dumps({"type": "operations", "operations": [operation]}))
            await asyncio.wait_for(_hear(listener, operation["id"]), _PATIENCE_S)
            delays.append(time.perf_counter() - started)
    for device in devices:
        await http.delete(f"sync/devices/{device['id']}", headers=headers)


async def _hear(listener: websockets.ClientConnection, operation_id: object) -> None:
    """Wait for an operation."""
    async for text in listener:
        message = json.loads(text)
        if any(each["id"] == operation_id for each in message.get("operations", ())):
            return


async def _post(http: httpx.AsyncClient, path: str, body: object, headers: dict[str, str]) -> dict[str, Any]:
    answer = await http.post(path, json=body, headers=headers)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made


def _percentile(figures: list[float], share: float) -> float:
    return sorted(figures)[min(int(len(figures) * share), len(figures) - 1)]


if __name__ == "__main__":
    main()
