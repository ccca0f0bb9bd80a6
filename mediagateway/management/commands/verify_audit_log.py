"""`manage.py verify_audit_log`: see whether anybody has touched the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mediagateway import audit


class Command(BaseCommand):
    """Walk along the chain and name every break."""

    help = "Check the hash chain of the audit log. Exit code 1 and one line for each fault when it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", default="", help="a hash printed earlier, which must still be in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit.verify(anchor=options["anchor"])
        if found.faults:
            raise CommandError("\n".join(found.faults))
        self.stdout.write(f"{found.entries} entries, unbroken; the last hash is {found.last_hash}")
