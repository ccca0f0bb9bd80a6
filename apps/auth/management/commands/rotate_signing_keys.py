"""`manage.py rotate_signing_keys`: a new key for access tokens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.auth.services.keys import rotate_signing_keys


class Command(BaseCommand):
    """Make a new signing key; the old ones run out by themselves."""

    help = "Make a new signing key. It is published for ten minutes before it signs; no token becomes invalid."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--compromised",
            action="store_true",
            help="Sign with the new key at once and refuse everything that older keys have signed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = rotate_signing_keys(at_once=options["compromised"])
        self.stdout.write(f"{key.kid} signs from {key.signs_from.isoformat()}")
