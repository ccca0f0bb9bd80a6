"""Who is asking: the bearer token, checked by whatever verifier the settings name."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from mediagateway.http.permissions import scopes_wanted
from mediagateway.http.problem import CHALLENGE

#: Takes a token and answers with its principal, or None when the token is not valid.
Verifier = Callable[[str], object | None]


class BearerAuthentication(BaseAuthentication):
    """
    RFC 6750 bearer tokens. No `Authorization` header is an anonymous caller; a wrong one is 401 everywhere.

    `settings.TOKEN_VERIFIER` is the dotted name of a `Verifier`; while it is empty, no token is valid.
    """

    def authenticate(self, request: Request) -> tuple[object, str] | None:
        """
        Find the principal behind the header; None when there is no header.

        Raises:
            AuthenticationFailed: Another scheme than Bearer, or a token that nobody vouches for.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, token = header.strip().partition(" ")
        verify: Verifier | None = import_string(settings.TOKEN_VERIFIER) if settings.TOKEN_VERIFIER else None
        principal = verify(token.strip()) if verify and scheme.lower() == "bearer" else None
        if principal is None:
            raise AuthenticationFailed("The Authorization header holds no valid bearer token.")
        return principal, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which makes DRF answer 401 instead of 403."""
        return CHALLENGE


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
