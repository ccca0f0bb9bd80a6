"""`manage.py seed_demo_users`: a synthetic population, so that a demonstration has something to learn from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.sona.adapters.shelves import engines
from apps.sona.services.synthesis import DOMAIN, seed_people
from mediagateway import events

#: People between two lines of progress.
_STEP = 50


class Command(BaseCommand):
    """Write people who do not exist, and say so in their names."""

    help = f"Write people who do not exist (person-00001@{DOMAIN}, …) with tastes over the real titles. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many."""
        parser.add_argument("--people", type=int, default=200, help="how many (default: 200)")
        parser.add_argument("--ratings", type=int, default=20, help="mean ratings of each (default: 20)")
        parser.add_argument("--seed", type=int, default=0, help="who they are (default: 0)")

    def handle(self, *_args: object, **options: Any) -> None:
        """Write them, and let the events be heard."""
        if not engines.current().shelf.size:
            raise CommandError("The catalogue is empty; run load_starter first.")
        done = 0
        for done in seed_people(
            count=options["people"], ratings=options["ratings"], seed=options["seed"], now=timezone.now()
        ):
            if done % _STEP == 0:
                self.stderr.write(f"{done} synthetic people")
        while events.deliver_pending():
            pass
        self.stdout.write(f"{done} synthetic people; train on them with sona_train --publish")
