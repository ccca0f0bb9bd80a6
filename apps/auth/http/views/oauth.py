"""What clients ask by themselves, without a person: tokens, revocation, introspection, device codes, userinfo."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from apps.auth.http.bridge import bridge
from apps.user.api import describe_caller
from apps.user.errors import AccountClosedError
from mediagateway.http.authentication import identify
from mediagateway.http.conditional import json_response
from mediagateway.http.problem import CHALLENGE


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint (RFC 6749 §3.2)."""
    return bridge().answer(request, "create_token_response")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Revocation (RFC 7009)."""
    return bridge().answer(request, "create_revocation_response")


@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """Introspection (RFC 7662)."""
    return bridge().answer(request, "create_introspect_response")


@require_POST
def device(request: HttpRequest) -> HttpResponse:
    """Device authorization (RFC 8628 §3.1)."""
    return bridge().answer(request, "create_device_authorization_response")


@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Who has signed in (OpenID Connect Core §5.3), as far as the token's scopes go; POST is the standard's."""
    principal = identify(request)
    if principal is None:
        return _refuse("invalid_token" if "HTTP_AUTHORIZATION" in request.META else "", status=401)
    if principal.account_id is None or not principal.has_scopes(frozenset({"openid"})):
        return _refuse("insufficient_scope", status=403, scope="openid")
    try:
        own = describe_caller(principal)
    except AccountClosedError:
        return _refuse("invalid_token", status=401)
    claims: dict[str, Any] = {"sub": str(principal.account_id)}
    if "profile" in principal.scopes:
        claims["name"] = own.name
    if "email" in principal.scopes:
        claims |= {"email": own.account.email, "email_verified": own.account.is_email_verified}
    return json_response(claims)


def _refuse(error: str, *, status: int, **members: str) -> HttpResponse:
    """Refuse as RFC 6750 §3 has it; who sent nothing is told of no error (§3.1)."""
    told = {**({"error": error} if error else {}), **members}
    response = json_response(told, status=status)
    response["WWW-Authenticate"] = ", ".join([CHALLENGE, *(f'{name}="{value}"' for name, value in told.items())])
    return response
