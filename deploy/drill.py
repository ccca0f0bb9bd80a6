"""
`make drill`: lose a database three ways and get it back, on servers of its own; how long it took and what was lost.

1. A mistake is made: back to the moment before it, from a base backup and the archived log.
2. The machine is lost: as far forward as the archive goes.
3. The primary dies beside a synchronous replica: the replica is promoted, and nothing acknowledged is lost.
"""

import argparse
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from deploy.clusters import Cluster, wait_for

#: In production a minute; the drill has less patience.
ARCHIVE_TIMEOUT_S = 2


@dataclass(slots=True)
class Writer:
    """
    Writes a row every few milliseconds, and remembers which were acknowledged, and when.

    Attributes:
        acknowledged: Number of the row -> server time of its transaction.
    """

    url: str
    acknowledged: dict[int, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Write until stopped or the server is gone."""
        statement = "INSERT INTO drill DEFAULT VALUES RETURNING id, extract(epoch FROM clock_timestamp())::float8"
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                while not self._stop.is_set():
                    row = connection.execute(statement).fetchone()
                    if row:
                        self.acknowledged[row[0]] = row[1]
                    time.sleep(0.005)
        except psycopg.OperationalError:
            return  # The disaster. What was acknowledged before it is what counts.

    def stop(self) -> None:
        """Let it end after the row under way."""
        self._stop.set()


def main() -> None:
    """Drill, print, and write the figures where they are wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with _folder() as folder:
        figures = {**recover_from_archive(folder), "failover": fail_over(folder)}
    text = json.dumps(figures, indent=2)
    print(text)  # noqa: T201 -- a command's output
    if options.output:
        options.output.parent.mkdir(exist_ok=True)
        options.output.write_text(text + "\n")


def recover_from_archive(folder: Path) -> dict[str, dict[str, float]]:
    """Back up, write, make a mistake, lose the machine; restore to the moment before the mistake, and to the end."""
    archive = folder / "archive"
    archive.mkdir()
    archive.chmod(0o777)
    primary, backup = Cluster(folder, "primary"), Cluster(folder, "backup")
    primary.initialise()
    primary.start(
        archive_mode="on",
        archive_timeout=str(ARCHIVE_TIMEOUT_S),
        archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f",
    )
    primary.execute("CREATE TABLE drill (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())")
    backup.copy_from(primary)
    with _writing(primary.url) as writer:
        time.sleep(3)
        ((target, target_epoch),) = primary.execute("SELECT now()::text, extract(epoch FROM now())::float8")
        time.sleep(0.2)
        primary.execute("CREATE TABLE mistake ()")
        time.sleep(2 * ARCHIVE_TIMEOUT_S + 1)
        primary.kill()
    settings = {"restore_command": f"cp {archive}/%f %p", "recovery_target_action": "promote"}
    back, took_s = _restore(folder, "earlier", backup, {**settings, "recovery_target_time": target})
    before = {number for number, at in writer.acknowledged.items() if at < target_epoch}
    rows = {number for (number,) in back.execute("SELECT id FROM drill")}
    has_mistake = bool(back.execute("SELECT to_regclass('mistake')")[0][0])
    back.stop()
    point_in_time = {
        "rto_s": round(took_s, 2),
        "rows_before_target": len(before),
        "rows_missing": len(before - rows),
        "rows_after_target": len(rows & (writer.acknowledged.keys() - before)),
        "mistake_is_back": float(has_mistake),
    }
    last, took_s = _restore(folder, "latest", backup, settings)
    rows = {number for (number,) in last.execute("SELECT id FROM drill")}
    last.stop()
    lost = writer.acknowledged.keys() - rows
    end, kept = max(writer.acknowledged.values()), max(writer.acknowledged[number] for number in rows)
    machine_lost = {
        "rto_s": round(took_s, 2),
        "archive_timeout_s": float(ARCHIVE_TIMEOUT_S),
        "rows_acknowledged": len(writer.acknowledged),
        "rows_lost": len(lost),
        "rpo_s": round(end - kept, 2),
    }
    return {"point_in_time": point_in_time, "machine_lost": machine_lost}


def fail_over(folder: Path) -> dict[str, float]:
    """Kill a primary that waits for its replica before it acknowledges, and promote the replica."""
    primary, replica = Cluster(folder, "leader"), Cluster(folder, "follower")
    primary.initialise()
    primary.start()
    primary.execute("CREATE TABLE drill (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())")
    replica.copy_from(primary, "--write-recovery-conf")
    replica.start()
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    wait_for(lambda: primary.execute("SELECT sync_state FROM pg_stat_replication") == [("sync",)], 60)
    with _writing(primary.url) as writer:
        time.sleep(2)
        primary.kill()
    killed = time.monotonic()
    replica.promote()
    replica.execute("INSERT INTO drill DEFAULT VALUES")
    took_s = time.monotonic() - killed
    rows = {number for (number,) in replica.execute("SELECT id FROM drill")}
    replica.stop()
    return {
        "rto_s": round(took_s, 2),
        "acknowledged": len(writer.acknowledged),
        "acknowledged_and_lost": len(writer.acknowledged.keys() - rows),
    }


def _restore(folder: Path, name: str, backup: Cluster, settings: dict[str, str]) -> tuple[Cluster, float]:
    """Restore into an empty folder, and wait until it takes writes; the cluster, and the seconds it took."""
    started = time.monotonic()
    cluster = Cluster(folder, name)
    cluster.restore(backup, settings)
    cluster.start()
    wait_for(lambda: cluster.execute("SELECT pg_is_in_recovery()") == [(False,)], 120)
    return cluster, time.monotonic() - started


@contextmanager
def _writing(url: str) -> Iterator[Writer]:
    """Write on a thread while the block lasts."""
    writer = Writer(url)
    thread = threading.Thread(target=writer.run)
    thread.start()
    try:
        yield writer
    finally:
        writer.stop()
        thread.join()


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that an unprivileged server can reach."""
    folder = Path(tempfile.mkdtemp(prefix="mediagateway-drill-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
