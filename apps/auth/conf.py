"""How long things last, and who issues."""

from datetime import timedelta

from django.conf import settings

from apps.auth.domain.access_tokens import LIFETIME_S, Place

#: A session ends this long after the sign-in, however busy it is …
SESSION_LIFETIME = timedelta(days=30)
#: … and this long after it was last used.
SESSION_IDLE = timedelta(days=7)
ACCESS_TOKEN_LIFETIME = timedelta(seconds=LIFETIME_S)
VERIFY_EMAIL_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(hours=1)
MFA_TOKEN_LIFETIME_S = 300
MAX_API_KEYS = 25


def place() -> Place:
    """Say who issues our tokens and for whom: this service, both times."""
    return Place(issuer=settings.PUBLIC_URL, audience=f"{settings.PUBLIC_URL}/api/v1")
