"""Who is asking: the bearer token, checked by whatever verifier the settings name."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from mediagateway.http.permissions import scopes_wanted
from mediagateway.http.problem import CHALLENGE
from mediagateway.principal import Principal

#: Takes a token and answers with its principal, or None when the token is not valid.
Verifier = Callable[[str], Principal | None]


def identify(request: HttpRequest) -> Principal | None:
    """
    Find the principal behind the header; None when there is no header, or no valid one, which the view refuses.

    The token is checked once for each request, by whoever asks first: the limits ask before the view.
    """
    if not hasattr(request, "principal"):
        request.principal = _verify(request.META.get("HTTP_AUTHORIZATION", ""))  # type: ignore[attr-defined] # ours
    principal: Principal | None = request.principal  # type: ignore[attr-defined] # as above
    return principal


class BearerAuthentication(BaseAuthentication):
    """
    RFC 6750 bearer tokens. No `Authorization` header is an anonymous caller; a wrong one is 401 everywhere.

    `settings.TOKEN_VERIFIER` is the dotted name of a `Verifier`; while it is empty, no token is valid.
    """

    def authenticate(self, request: Request) -> tuple[Principal, str] | None:
        """
        Find the principal behind the header; None when there is no header.

        Raises:
            AuthenticationFailed: Another scheme than Bearer, or a token that nobody vouches for.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        principal = identify(request._request)  # noqa: SLF001 -- Django's request, which DRF's stands for
        if principal is None:
            raise AuthenticationFailed("The Authorization header holds no valid bearer token.")
        return principal, header

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which makes DRF answer 401 instead of 403."""
        return CHALLENGE


def _verify(header: str) -> Principal | None:
    """Let the verifier of the settings look at the header's token."""
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not settings.TOKEN_VERIFIER:
        return None
    verify: Verifier = import_string(settings.TOKEN_VERIFIER)
    return verify(token.strip())


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # drf-spectacular registers subclasses in an untyped hook
    """How the OpenAPI document describes the token."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        """Describe an HTTP bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "An access token, or an API key (`mg_live_…`)."}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        """Name the scopes that the operation needs; OpenAPI 3.1 allows them beside every kind of scheme."""
        return {self.name: sorted(scopes_wanted(auto_schema.view, auto_schema.method))}
