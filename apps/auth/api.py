"""The auth app's door."""

from apps.auth.queries.tokens import verify_token
from apps.auth.services.sessions import end_sessions

__all__ = ["end_sessions", "verify_token"]
