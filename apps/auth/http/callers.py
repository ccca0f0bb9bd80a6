"""Who may manage an account's sign-in, and from where somebody calls."""

from django.http import HttpRequest
from rest_framework.request import Request

from apps.auth.errors import SessionRequiredError
from apps.auth.services.sessions import Caller
from apps.user.api import check_manages, get_account
from apps.user.contracts import AccountFacts
from mediagateway.http.permissions import require_principal
from mediagateway.limits.subjects import client_address
from mediagateway.principal import Principal


def caller_of(request: Request | HttpRequest) -> Caller:
    """Say from where a request comes."""
    plain = request._request if isinstance(request, Request) else request  # noqa: SLF001 -- Django's
    return Caller(client_address(plain), plain.META.get("HTTP_USER_AGENT", ""))


def require_signed_in(request: Request) -> tuple[Principal, AccountFacts]:
    """
    Give an adult of the household who has signed in with our own apps: an API key could hand on more than itself.

    Raises:
        SessionRequiredError: An API key, an OAuth client, or an admin who acts as the account.
        ChildProfileError: A child watches.
    """
    principal = require_principal(request)
    if principal.account_id is None or principal.session_id is None or principal.client_id or principal.actor_id:
        raise SessionRequiredError("Sign in with your password for this.")
    check_manages(principal)
    return principal, get_account(principal.account_id)
