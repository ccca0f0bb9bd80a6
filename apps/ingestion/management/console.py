"""How ingestion's commands show their progress and what came of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from apps.ingestion.services.runs import Progress as OnProgress
from apps.ingestion.services.runs import RunReport

#: Without a terminal, a line for each further share of the rows.
_PLAIN_STEP = 0.25


@contextmanager
def progress_of(label: str, out: OutputWrapper, *, unit: str = "rows") -> Iterator[OnProgress]:
    """Show what is done of all: a bar on a terminal, else a few plain lines."""
    if not out.isatty():
        yield _plain(label, out, unit)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=cast("IO[str]", out))) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_reports(reports: Sequence[tuple[str, RunReport]], out: OutputWrapper) -> None:
    """Print the closing table: a line for each run, and their sum when there are several."""
    table = Table("listing", title=None)
    for heading in (
        "read",
        "new",
        "updated",
        "unchanged",
        "rejected",
        "offers opened",
        "closed",
        "changed",
        "titles/s",
    ):
        table.add_column(heading, justify="right")
    for label, report in reports:
        table.add_row(label, *_cells([report]))
    if len(reports) > 1:
        table.add_section()
        table.add_row("all", *_cells([report for _, report in reports]))
    Console(file=cast("IO[str]", out), width=None if out.isatty() else 140).print(table)


def _cells(reports: Sequence[RunReport]) -> list[str]:
    tallies = [report.tally for report in reports]
    offers = [report.offers for report in reports if report.offers]
    rows = sum(tally.read for tally in tallies) - sum(report.resumed_from for report in reports)
    took_s = sum(report.took_s for report in reports)
    counts = (
        sum(tally.read for tally in tallies),
        sum(tally.new for tally in tallies),
        sum(tally.updated for tally in tallies),
        sum(tally.unchanged for tally in tallies),
        sum(tally.rejected for tally in tallies),
        sum(offer.opened for offer in offers),
        sum(offer.closed for offer in offers),
        sum(offer.changed for offer in offers),
        round(rows / took_s) if took_s else 0,
    )
    return [f"{count:,}" for count in counts]


def _plain(label: str, out: OutputWrapper, unit: str) -> OnProgress:
    shown = -1.0

    def show(done: int, total: int) -> None:
        nonlocal shown
        ratio = done / total if total else 1.0
        if shown < 0 or ratio - shown >= _PLAIN_STEP or (done == total and shown < 1.0):
            shown = ratio
            out.write(f"{label}: {done:,} of {total:,} {unit}")

    return show
