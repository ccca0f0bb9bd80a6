"""A small catalogue and a few people for proofs: films by the product's ingestion, accounts with tokens."""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from deploy.tests.served import ROOT, Served

#: Production's settings as load tests have them; the same keys as `perf.people`, so that its tokens are believed.
ENVIRON = {
    "DJANGO_SETTINGS_MODULE": "settings.prod",
    "MG_SECRET_KEY": "measured-under-this-key-which-guards-nothing-at-all",
    "MG_KEK": "bWVhc3VyZWQtdW5kZXItYS1rZXktb2YtMzItYnl0ZXM=",
    "MG_ALLOWED_HOSTS": "127.0.0.1,localhost",
    "MG_PUBLIC_URL": "https://127.0.0.1",
    "MG_HOST": "127.0.0.1",
}

SOURCE = ("--platform", "netflix", "--region", "US", "--as-of", "2026-01-01")


def populate(served: Served, folder: Path, *, titles: int, people: int) -> tuple[Path, dict[str, Any]]:
    """
    Ingest films and make accounts in the database of a server that was started with `ENVIRON`.

    Returns:
        The file that k6 reads, and what stands in it.
    """
    feed, document = write_feed(folder / "films.csv", titles), folder / "people.json"
    served.manage("ingest", "kaggle-csv", *SOURCE, str(feed))
    command = [sys.executable, "-m", "perf.people", "--count", str(people), "--output", str(document)]
    subprocess.run(command, cwd=ROOT, env=served.environ, check=True, capture_output=True)
    return document, json.loads(document.read_text())


def write_feed(feed: Path, titles: int) -> Path:
    """Write so many films as a platform's listing."""
    with feed.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(titles):
            writer.writerow(
                [
                    *(f"s{number}", "Movie", f"The {_WORDS[number % len(_WORDS)]} of number {number}", "", "", ""),
                    *(
                        "25-Sep-21",
                        1980 + number % 40,
                        "PG-13",
                        "90 min",
                        "Documentaries",
                        f"The story of film {number}.",
                    ),
                ]
            )
    return feed


def main() -> None:
    """Ingest films and make accounts in the database that the environment names; the file is the one k6 reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed = write_feed(Path(folder, "films.csv"), 80)
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "ingest", "kaggle-csv", *SOURCE, str(feed)], cwd=ROOT, check=True)
    people = [sys.executable, "-m", "perf.people", "--count", "60", "--output", str(options.people)]
    subprocess.run(people, cwd=ROOT, check=True)


_COLUMNS = (
    *("show_id", "type", "title", "director", "cast", "country", "date_added", "release_year", "rating", "duration"),
    *("listed_in", "description"),
)
_WORDS = ("lighthouse", "garden", "winter", "harbour", "mountain", "river", "orchard", "station", "island", "forest")


if __name__ == "__main__":
    main()
