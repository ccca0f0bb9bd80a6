"""`manage.py sona_publish`: let a model serve."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.sona.services.training import publish
from mediagateway.errors import DomainError


class Command(BaseCommand):
    """Let a version serve; every process follows at its next request."""

    help = "Let a version of the model serve; every process follows at its next request."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which."""
        parser.add_argument("version", nargs="?", help="as sona_train printed it (default: the newest)")

    def handle(self, *_args: object, **options: Any) -> None:
        """Publish, and print the version."""
        try:
            self.stdout.write(publish(options["version"]))
        except DomainError as err:
            raise CommandError(err.detail) from err
