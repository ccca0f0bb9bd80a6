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
#: Without `offline_access` a client is let go on for no longer than this.
ONLINE_SESSION_LIFETIME = timedelta(days=1)
#: For so long the pages of this service know who has signed in on them.
BROWSER_SESSION_LIFETIME = timedelta(hours=12)
#: RFC 6749 §4.1.2 allows ten minutes; a browser needs a second.
AUTHORIZATION_CODE_LIFETIME = timedelta(seconds=60)
DEVICE_CODE_LIFETIME = timedelta(minutes=15)
DEVICE_POLL_INTERVAL_S = 5
#: Used codes are remembered for so long after their end.
GRANTS_KEPT = timedelta(days=1)


def resources() -> tuple[str, ...]:
    """Name what our tokens are for (RFC 8707, RFC 9728): the API, the agents' tools, and both together."""
    base = settings.PUBLIC_URL
    return f"{base}/api/v1", f"{base}/mcp", base


def link_url() -> str:
    """Give the page on which people answer a device; short, because they type it."""
    return f"{settings.PUBLIC_URL}/link"


def place() -> Place:
    """Say who issues our tokens and for whom: this service, both times."""
    return Place(issuer=settings.PUBLIC_URL, audience=f"{settings.PUBLIC_URL}/api/v1")
