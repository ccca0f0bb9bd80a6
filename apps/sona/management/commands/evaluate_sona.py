"""`manage.py evaluate_sona`: SONA and its baselines on a file of interactions."""

from pathlib import Path
from typing import IO, Any, cast

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from apps.sona.adapters.interaction_files import make_axes, place, read_rows
from apps.sona.domain.comparison import compare
from apps.sona.domain.splits import Protocol, split_by_test, split_off
from apps.sona.domain.training import unknown_catalogue
from apps.sona.services.catalogue import describe_imdb_items
from mediagateway.errors import DomainError

_METRICS = ("HR@10", "Recall@20", "NDCG@10", "NDCG@100", "MRR", "coverage", "diversity")


class Command(BaseCommand):
    """Compare SONA with most-popular, item-kNN, EASE and implicit ALS by full rankings."""

    help = "Compare SONA with most-popular, item-kNN, EASE and implicit ALS by full rankings of all items."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the files and how they are split."""
        parser.add_argument(
            "--interactions", required=True, type=Path, metavar="FILE", help="CSV: user_id, item_id, rating, timestamp"
        )
        parser.add_argument(
            "--test", type=Path, metavar="FILE", help="the targets; then --interactions is all that is known"
        )
        parser.add_argument(
            "--protocol",
            required=True,
            choices=[protocol.value for protocol in Protocol],
            help="loo: each user's newest row; temporal: the newest fifth; strong: a tenth of the users, whole",
        )
        parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures here")
        parser.add_argument(
            "--item-ids", choices=["imdb"], help="item_id is an IMDb id: use what the catalogue knows of it"
        )
        parser.add_argument("--seed", type=int, default=0, help="of ALS and of what is drawn (default: 0)")

    def handle(self, *_args: object, **options: Any) -> None:
        """Read, compare, print."""
        protocol = Protocol(options["protocol"])
        try:
            known = read_rows(options["interactions"])
            hidden = read_rows(options["test"]) if options["test"] else None
        except DomainError as err:
            raise CommandError(err.detail) from err
        axes = make_axes([known, hidden] if hidden else [known])
        history = place(known, axes)
        if hidden:
            split = split_by_test(history, place(hidden, axes), protocol)
        else:
            split = split_off(history, protocol, seed=options["seed"])
        if not split.n_tested or not len(split.train):
            raise CommandError("The interactions leave nothing to test or nothing to learn from.")
        if options["item_ids"] == "imdb":
            catalogue = describe_imdb_items(axes.items)
        else:
            catalogue = unknown_catalogue(len(axes.items))
        results = compare(split, protocol, catalogue, seed=options["seed"], on_step=self.stderr.write)
        _print(results, cast("IO[str]", self.stdout))
        if options["json"]:
            options["json"].write_bytes(orjson.dumps({"models": results}, option=orjson.OPT_INDENT_2))


def _print(results: Any, out: IO[str]) -> None:
    """Print a line for each model."""
    table = Table("model", *_METRICS, "n")
    for name, metrics in results.items():
        table.add_row(name, *(f"{metrics[metric]:.4f}" for metric in _METRICS), f"{metrics['n']:.0f}")
    Console(file=out, width=120).print(table)
