"""The auth app's door."""

from apps.auth.queries.tokens import verify_token
from apps.auth.services.sessions import end_sessions
from apps.auth.services.sweeping import forget_expired

__all__ = ["end_sessions", "forget_expired", "verify_token"]
