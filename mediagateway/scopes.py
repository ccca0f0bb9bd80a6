"""What a token may be allowed to do: the one table of scopes, which consent pages and documents print. Plain Python."""

from collections.abc import Mapping
from types import MappingProxyType

from mediagateway.principal import Role

#: Scope -> what a person reads when asked for it. `write:x` grants `read:x` too.
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "read:content": "See the catalogue as you see it",
        "read:profile": "See your profiles",
        "write:profile": "Change your profiles, parental controls and sign-in",
        "read:preferences": "See your preferences",
        "write:preferences": "Change your preferences",
        "read:watchlist": "See your watchlist",
        "write:watchlist": "Change your watchlist",
        "read:history": "See what you watched",
        "write:history": "Change what you watched",
        "read:ratings": "See your ratings",
        "write:ratings": "Rate titles for you",
        "read:notifications": "See what you are told",
        "write:notifications": "Mark and delete what you are told",
        "read:searches": "See your saved searches",
        "write:searches": "Change your saved searches",
        "read:devices": "See your devices",
        "write:devices": "Change your devices",
        "playback:control": "Control playback on your devices",
        "read:recommendations": "See your recommendations",
        "write:recommendations": "Tell the recommender what you like",
        "offline_access": "Stay signed in",
        "openid": "Know who you are",
        "profile": "Know your name",
        "email": "Know your e-mail address",
        "admin:users": "Manage accounts",
        "admin:audit": "Read the audit log",
        "admin:limits": "Manage rate limits",
        "admin:clients": "Manage OAuth clients",
        "admin:experiments": "Run experiments",
        "admin:search": "Read what is searched, and set how results are ranked",
        "admin:impersonate": "Act as another account",
    }
)
ADMIN_SCOPES = frozenset(scope for scope in SCOPES if scope.startswith("admin:"))
#: About a person who signs in; they mean nothing to an API key or a client of its own.
PERSONAL_SCOPES = frozenset({"offline_access", "openid", "profile", "email"})
USER_SCOPES = frozenset(SCOPES) - ADMIN_SCOPES - PERSONAL_SCOPES


def scopes_of(role: Role) -> frozenset[str]:
    """Say what an account of this role may do, and so what it may at most hand on."""
    return USER_SCOPES | ADMIN_SCOPES if role is Role.ADMIN else USER_SCOPES
