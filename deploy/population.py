"""A small catalogue and a few people for proofs: films by the product's ingestion, accounts with tokens."""

import csv
import json
import subprocess
import sys
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


def populate(served: Served, folder: Path, *, titles: int, people: int) -> tuple[Path, dict[str, Any]]:
    """
    Ingest films and make accounts in the database of a server that was started with `ENVIRON`.

    Returns:
        The file that k6 reads, and what stands in it.
    """
    feed, document = folder / "films.csv", folder / "people.json"
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
    source = ("--platform", "netflix", "--region", "US", "--as-of", "2026-01-01")
    served.manage("ingest", "kaggle-csv", *source, str(feed))
    command = [sys.executable, "-m", "perf.people", "--count", str(people), "--output", str(document)]
    subprocess.run(command, cwd=ROOT, env=served.environ, check=True, capture_output=True)
    return document, json.loads(document.read_text())


_COLUMNS = (
    *("show_id", "type", "title", "director", "cast", "country", "date_added", "release_year", "rating", "duration"),
    *("listed_in", "description"),
)
_WORDS = ("lighthouse", "garden", "winter", "harbour", "mountain", "river", "orchard", "station", "island", "forest")
