"""Second factors."""

from uuid import UUID

from apps.auth.models import TotpDevice


def has_second_factor(account_id: UUID) -> bool:
    """Say whether a sign-in needs a code. One SQL statement."""
    return TotpDevice.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists()
