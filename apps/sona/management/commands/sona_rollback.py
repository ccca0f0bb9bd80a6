"""`manage.py sona_rollback`: let the model before this one serve again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.sona.services.training import roll_back
from mediagateway.errors import DomainError


class Command(BaseCommand):
    """Let the version before the one that serves serve again."""

    help = "Let the version before the one that serves serve again; every process follows at its next request."

    def handle(self, *_args: object, **_options: Any) -> None:
        """Roll back, and print the version that serves now."""
        try:
            self.stdout.write(roll_back())
        except DomainError as err:
            raise CommandError(err.detail) from err
