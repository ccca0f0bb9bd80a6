"""Delete for good what was erased 30 days ago."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.user.services.accounts import purge_accounts
from apps.user.services.exports import delete_old_exports


class Command(BaseCommand):
    """Meant to run once a day; running it more often does no harm."""

    help = "Delete accounts that were erased and not restored in time, and exports that were not fetched."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        accounts, exports = purge_accounts(now=now), delete_old_exports(now=now)
        self.stdout.write(f"{accounts} accounts and {exports} exports deleted.")
