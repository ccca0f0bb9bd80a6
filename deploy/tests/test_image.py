"""The image, built by its own steps and run as production runs it: nobody, read-only, a real PostgreSQL and Redis."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from deploy.tests.image import build
from deploy.tests.rendering import ROOT
from mediagateway.testing.servers import postgres, valkey

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="mounts need root and Linux"),
]
PORT = 18493
ENVIRON = {
    "PORT": str(PORT),
    "MG_SECRET_KEY": "a-key-of-the-tests-that-is-long-enough-to-be-taken-for-one",
    "MG_KEK": "YS1rZXktb2YtdGhlLXRlc3RzLW9mLTMyLWJ5dGVzLi4=",
    "MG_ALLOWED_HOSTS": "api.example.com",
    "MG_PUBLIC_URL": "https://api.example.com",
    "MG_DRAIN_S": "0",
}


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The last stage, on the Python that runs these tests."""
    python = Path(sys.base_prefix).resolve()
    folder = tmp_path_factory.mktemp("image")
    for parent in folder.parents:
        if parent.owner() == "root" and parent.name.startswith("pytest"):
            parent.chmod(0o755)
    return build(ROOT / "deploy" / "Dockerfile", ROOT, folder, python)


@pytest.fixture(scope="module")
def stores():
    with postgres() as database, valkey() as redis_url:
        yield {"DATABASE_URL": database.url, "REDIS_URL": redis_url}


@pytest.fixture(scope="module")
def container(image, stores):
    """The image's own command, on a root file system that cannot be written."""
    image.run(["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"], **ENVIRON, **stores)
    with image.start(image.command, read_only=True, **ENVIRON, **stores) as process:
        deadline = time.monotonic() + 60
        while not _is_ready() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.2)
        yield process
        if process.poll() is None:
            # The kernel ends a namespace with its first process, and unshare ends that one with itself.
            process.kill()


def test_it_serves(container):
    assert container.poll() is None, container.stdout.read().decode()

    response = httpx.get(f"http://127.0.0.1:{PORT}/api/v1/genres", headers={"host": "api.example.com"})

    assert response.status_code == 200
    assert response.json()["items"]


def test_it_runs_as_nobody_and_writes_nothing(container, image):
    master = _master(container)
    status = Path(f"/proc/{master}/status").read_text()
    root = Path(f"/proc/{master}/mountinfo").read_text()

    assert "Uid:\t10001\t10001" in status
    assert "Gid:\t10001\t10001" in status
    assert any(line.split()[4] == "/" and line.split()[5].startswith("ro") for line in root.splitlines())


def test_its_health_check_tells_alive_from_dead(container, image):
    codes = []
    for port in (PORT, 1):
        with image.start(image.healthcheck, PORT=str(port)) as asked:
            asked.communicate(timeout=60)
        codes.append(asked.returncode)

    assert codes == [0, 1]


def test_nothing_of_the_workshop_is_inside(image):
    inside = {str(path.relative_to(image.folder / "upper")) for path in (image.folder / "upper").rglob("*")}

    assert "opt/mediagateway/apps/search/queries.py" in inside
    assert not [path for path in inside if path.startswith("opt/mediagateway") and "/tests" in path]
    assert not [path for path in inside if path.endswith("bin/pip")]


def test_sigterm_ends_it(container):
    """PID 1 of a container is gunicorn itself, so the runtime's SIGTERM reaches it."""
    master = _master(container)

    os.kill(master, signal.SIGTERM)

    assert container.wait(40) == 0
    said = container.stdout.read().decode()
    assert '"event":"server.stopped"' in said, said


def _is_ready() -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{PORT}/ready", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


def _master(container: "subprocess.Popen[bytes]") -> int:
    """Find gunicorn's first process."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in _descendants(container.pid)}
    return next(pid for pid, command in commands.items() if b"gunicorn" in command and b"unshare" not in command)


def _descendants(pid: int) -> list[int]:
    """List the processes under one, parents first."""
    children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [each for child in children for each in (child, *_descendants(child))]
