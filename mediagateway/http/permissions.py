"""Who may come in: a principal, and the scopes that a view declares."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from mediagateway.errors import UnauthenticatedError
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.principal import Principal

#: The same scopes for every method of a view, or its own for each.
Scopes = frozenset[str] | Mapping[str, frozenset[str]]


def principal_of(request: Request | HttpRequest) -> Principal | None:
    """Give the caller; None is an anonymous one."""
    return cast("Principal | None", request.user)


def require_principal(request: Request | HttpRequest) -> Principal:
    """
    Give the caller.

    Raises:
        UnauthenticatedError: Nobody has signed in.
    """
    principal = principal_of(request)
    if principal is None:
        raise UnauthenticatedError("This needs an access token or an API key.")
    return principal


class Scoped(BasePermission):
    """Lets in who has every scope that the view declares as `scopes`; 401 without a principal, 403 without a scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """
        Check the caller.

        Raises:
            UnauthenticatedError: Nobody has signed in.
            InsufficientScopeError: The token lacks a scope, which the error names.
        """
        if request.method == "OPTIONS":
            return True
        wanted = scopes_wanted(view, str(request.method))
        if not require_principal(request).has_scopes(wanted):
            raise InsufficientScopeError(wanted)
        return True


def scopes_wanted(view: Any, method: str) -> frozenset[str]:
    """Read what a view declares for a method; HEAD needs what GET needs."""
    declared: Scopes = getattr(view, "scopes", frozenset())
    if isinstance(declared, frozenset):
        return declared
    return declared.get("GET" if method == "HEAD" else method, frozenset())
