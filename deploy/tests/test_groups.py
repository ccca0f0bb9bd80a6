"""All groups of one machine: they come up, answer, are found and stopped, one by one or together."""

import json
import re
import time

import httpx
import pytest

from settings.groups import GROUPS

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def everything(serve):
    """`serve --all`, with every group ready."""
    with serve("--all") as served:
        served.wait_until_ready(*GROUPS)
        yield served


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("path", ["/health", "/ready", "/liveness", "/metrics", "/api-docs/openapi.json"])
def test_every_group_answers(everything, group, path):
    response = httpx.get(everything.url(path, group))

    assert response.status_code == 200
    assert response.headers["Strict-Transport-Security"]
    assert response.headers["X-Request-ID"]
    assert not re.search(r"\d", response.headers["Server"]), "no version"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_names_itself(everything, group):
    assert httpx.get(everything.url("/health", group)).json()["service"] == group


@pytest.mark.parametrize("group", GROUPS)
def test_metrics_are_the_groups_own(everything, group):
    httpx.get(everything.url("/no/such/page", group))

    lines = httpx.get(everything.url("/metrics", group)).text.splitlines()

    assert any(line.startswith("mg_http_request_seconds_count") and 'status="404"' in line for line in lines)


def test_health_command_knows_them_all(everything):
    result = everything.manage("health", "--all", "--json")

    answers = json.loads(result.stdout)
    assert answers.keys() == GROUPS.keys()
    assert all(answer["is_ready"] for answer in answers.values())
    assert answers["api"]["readiness"]["checks"]["database"]["status"] == "ok"


def test_a_second_start_says_what_is_in_the_way(everything):
    again = everything.manage("serve", "--all", check=False)
    moved = everything.manage("serve", "--group", "sona", check=False)

    assert again.returncode != 0
    assert "serve-all already runs" in again.stderr
    assert f"Port {8082 + everything.offset} of group sona is taken" in moved.stderr


def test_worker_delivers(everything):
    """An event that some process publishes is delivered by the worker of `serve`."""
    publish = "from mediagateway import events; events.publish('test.nobody_listens', {})"
    count = "from mediagateway import events; print('waiting', events.pending_count())"
    everything.manage("shell", "--command", publish)
    deadline = time.monotonic() + 10

    while "waiting 0" not in everything.manage("shell", "--command", count).stdout:
        assert time.monotonic() < deadline


def test_one_group_stops_and_the_others_go_on(everything):
    result = everything.manage("shutdown", "--group", "playback")

    assert "playback: stopped" in result.stdout
    assert everything.manage("health", "--group", "playback", check=False).returncode == 1
    assert httpx.get(everything.url("/ready")).status_code == 200
    assert everything.process.poll() is None


def test_shutdown_stops_everything(everything):
    """Last, because nothing is left afterwards."""
    result = everything.manage("shutdown", "--all")

    assert "serve-all: stopped" in result.stdout
    assert everything.process.wait(10) == 0
    assert everything.manage("health", "--all", check=False).returncode == 1
    assert everything.manage("shutdown", "--all").stdout == "Nothing runs.\n"
    lines = [json.loads(line) for line in everything.log.read_text().splitlines() if line.startswith("{")]
    stopped = {line["group"]: line for line in lines if line["event"] == "server.stopped"}
    assert stopped.keys() == GROUPS.keys()
    assert all(line["aborted"] == 0 for line in stopped.values())
    assert any(line["event"] == "worker.stopped" for line in lines)
