"""From Django's requests to oauthlib's: django-oauth-toolkit's bridge, as strict as the RFCs."""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error

from apps.auth import conf
from apps.auth.services.oauth.validator import ADDRESS
from mediagateway.limits.subjects import client_address

FORM = "application/x-www-form-urlencoded"
#: RFC 6749 §5.2, RFC 7617.
_CHALLENGE = 'Basic realm="mediagateway", charset="UTF-8"'


class Bridge(OAuthLibCore):  # type: ignore[misc] # django-oauth-toolkit has no types
    """
    Hands form-encoded requests on; which server answers them stands in `settings.OAUTH2_PROVIDER`.

    Repeated fields are refused (RFC 6749 §3.2); the toolkit's own bridge keeps the last of each.
    """

    def extract_headers(self, request: HttpRequest) -> dict[str, Any]:
        """Put the client's address, as trusted proxies tell it, among the headers."""
        headers: dict[str, Any] = super().extract_headers(request)
        return {**headers, ADDRESS: client_address(request)}

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        """
        Give all pairs of the form.

        Raises:
            InvalidRequestError: No form, a field given twice, or a NUL in it, which no database takes.
        """
        if request.content_type != FORM and request.body:
            raise InvalidRequestError(f"The body must be {FORM}.")
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        if any("\0" in text for pair in pairs for text in pair):
            raise InvalidRequestError("The body holds a NUL character.")
        # RFC 8707 §2: the one field that may be given more than once.
        if any(len(values) > 1 for name, values in request.POST.lists() if name != "resource"):
            raise InvalidRequestError("A field is given twice.")
        return pairs

    def answer(self, request: HttpRequest, endpoint: str) -> HttpResponse:
        """Let one of the server's endpoints answer, errors too (RFC 6749 §5)."""
        try:
            _, body, status = getattr(self.server, endpoint)(*self._extract_params(request))
        except OAuth2Error as err:
            body, status = err.json, err.status_code
        response = HttpResponse(body, status=status, content_type="application/json")
        response["Cache-Control"] = "no-store"
        response["Pragma"] = "no-cache"
        if status == 401:
            response["WWW-Authenticate"] = _CHALLENGE
        return response


class QueryBridge(Bridge):
    """Hands on the query alone: what our own pages post is none of the client's parameters."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Leave the form out."""
        return []


@cache
def bridge() -> Bridge:
    """Give this process's bridge: it and the server behind it keep nothing of a request."""
    return Bridge()


@cache
def query_bridge() -> QueryBridge:
    """Give this process's bridge for authorization requests."""
    return QueryBridge()


def with_issuer(location: str) -> str:
    """Name this server in an authorization response, errors too, so that clients of many notice a mix-up (RFC 9207)."""
    parts = urlsplit(location)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "iss"]
    return urlunsplit(parts._replace(query=urlencode([*pairs, ("iss", conf.place().issuer)])))
