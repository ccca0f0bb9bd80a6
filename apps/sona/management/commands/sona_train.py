"""`manage.py sona_train`: make a model of what everybody did."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.sona.services.training import publish, train


class Command(BaseCommand):
    """Train a model and save it as a new version; --publish lets it serve."""

    help = "Train a model and save it as a new version."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what to do with it."""
        parser.add_argument("--publish", action="store_true", help="let it serve at once")
        parser.add_argument("--seed", type=int, default=0, help="of ALS (default: 0)")

    def handle(self, *_args: object, **options: Any) -> None:
        """Train, and print the version."""
        version = train(seed=options["seed"], now=timezone.now(), on_step=self.stderr.write)
        if options["publish"]:
            publish(version)
        self.stdout.write(version)
