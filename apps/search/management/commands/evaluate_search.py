"""Score search on judged queries."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from apps.search.domain.evaluation import DEPTH, JudgedQuery, Outcome, Score, compute_scores
from apps.search.queries.evaluating import evaluate
from mediagateway.policy import Policy

_COLUMNS = ("qid", "kind", "query", "imdb_id", "title", "year")


class Command(BaseCommand):
    """Ask judged queries through the search door; print R@1, R@10 and MRR by kind, and what was missed."""

    help = "Score search on judged queries: CSV with the columns qid, kind, query, imdb_id, title, year."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the files."""
        parser.add_argument("--queries", type=Path, required=True, help="CSV file of judged queries")
        parser.add_argument("--json", type=Path, help="where to write the figures and misses as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        queries = read_queries(options["queries"])
        policy = Policy(region=settings.DEFAULT_REGION)
        console = Console(file=cast("IO[str]", self.stdout), width=160)
        asked = evaluate(queries, policy=policy, now=timezone.now())
        outcomes = list(track(asked, "Searching", total=len(queries), console=Console(stderr=True), transient=True))
        scores = compute_scores(outcomes)
        if options["json"]:
            options["json"].write_bytes(orjson.dumps(as_json(scores, outcomes), option=orjson.OPT_INDENT_2))
        _print(console, scores, outcomes)


def read_queries(path: Path) -> list[JudgedQuery]:
    """
    Read judged queries; a byte order mark and blanks around values do not matter.

    Raises:
        CommandError: No such file, a column is missing, or a year is no number.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(f"{path} has no column {', '.join(missing)}.")
            return [_query(row, line) for line, row in enumerate(reader, 2)]
    except OSError as err:
        raise CommandError(f"{path} cannot be read: {err.strerror}.") from err


def as_json(scores: Mapping[str, Score], outcomes: list[Outcome]) -> dict[str, Any]:
    """Write figures and misses for a machine."""
    return {
        "kinds": {
            kind: {
                "n": score.n,
                "R@1": round(score.recall_1, 4),
                "R@10": round(score.recall_10, 4),
                "MRR": round(score.mrr, 4),
                "unresolved": score.unresolved,
            }
            for kind, score in scores.items()
        },
        "misses": [_miss(outcome) for outcome in outcomes if _is_missed(outcome) and outcome.is_resolved],
        "unresolved": [_miss(outcome) for outcome in outcomes if not outcome.is_resolved],
    }


def _query(row: dict[str, str], line: int) -> JudgedQuery:
    values = {column: (row[column] or "").strip() for column in _COLUMNS}
    year = values.pop("year")
    try:
        return JudgedQuery(**values, year=int(float(year)) if year else None)
    except ValueError as err:
        raise CommandError(f"Line {line}: {year!r} is no year.") from err


def _is_missed(outcome: Outcome) -> bool:
    return outcome.rank is None or outcome.rank > 10


def _miss(outcome: Outcome) -> dict[str, Any]:
    query = outcome.query
    return {
        "qid": query.qid,
        "kind": query.kind,
        "query": query.query,
        "title": query.title,
        "rank": outcome.rank,
        "first": outcome.first,
    }


def _print(console: Console, scores: Mapping[str, Score], outcomes: list[Outcome]) -> None:
    table = Table("kind", "N", "unresolved", "R@1", "R@10", "MRR")
    for kind, score in scores.items():
        figures = (f"{value:.3f}" for value in (score.recall_1, score.recall_10, score.mrr))
        table.add_row(kind, str(score.n), str(score.unresolved), *figures)
    console.print(table)
    misses = [outcome for outcome in outcomes if _is_missed(outcome)]
    if misses:
        listed = Table("qid", "kind", "query", "target", "rank", "first result", title=f"Misses (of the first {DEPTH})")
        for outcome in misses:
            query = outcome.query
            rank = str(outcome.rank or "-") if outcome.is_resolved else "not in the catalogue"
            listed.add_row(query.qid, query.kind, query.query, f"{query.title} ({query.year})", rank, outcome.first)
        console.print(listed)
