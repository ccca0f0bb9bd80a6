"""The authorization endpoint (RFC 6749 §3.1): who asks for what, and whether the person allows it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.http import OAuth2ResponseRedirect
from oauthlib.oauth2.rfc6749 import errors

from apps.auth.domain.redirects import form_target, shown_host
from apps.auth.http.bridge import query_bridge, with_issuer
from apps.auth.http.views import pages
from apps.auth.services.browser import BrowserSignIn
from mediagateway.scopes import PERSONAL_SCOPES, SCOPES, scopes_of


@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponseBase:
    """
    Show who asks for what, after a sign-in where there is none, and send the answer to the client.

    A request by POST (OpenID Connect Core §3.1.2.1) is turned into one by GET: what our own forms post has a `step`.
    """
    if request.method == "POST" and "step" not in request.POST:
        return pages.see_other(f"{request.path}?{request.POST.urlencode()}")
    return _authorize(request)


@pages.guarded
def _authorize(request: HttpRequest) -> HttpResponse:
    """Check the request, each time anew: nothing that a form posts is taken for the client's wish."""
    try:
        scopes, wish = query_bridge().validate_authorization_request(request)
        asked = wish.pop("request")
        sign_in = _fresh_sign_in(request, asked)
        answer = pages.take_sign_in_step(request) if request.method == "POST" else None
        if answer is not None:
            return answer
        if sign_in is None:
            return pages.sign_in_page(request)
        return _answer(request, _Wish(scopes, wish, asked.client), sign_in)
    except FatalClientError as err:
        # RFC 6749 §4.1.2.1: nobody is sent to an address that may be a stranger's.
        return pages.message(request, "This link does not work", _explain(err), status=400)
    except OAuthToolkitError as err:
        return _redirect(request, err.oauthlib_error.in_uri(err.oauthlib_error.redirect_uri))
    except errors.OAuth2Error as err:
        return _redirect(request, err.in_uri(err.redirect_uri))
    except ValueError as err:
        # oauthlib's word for a query that is not one.
        return pages.message(request, "This link does not work", str(err), status=400)


class _Wish:
    """What a client asks for."""

    def __init__(self, scopes: list[str], parameters: dict[str, Any], client: Any) -> None:
        self.scopes, self.parameters, self.client = scopes, parameters, client
        self.redirect_uri: str = parameters["redirect_uri"]


def _answer(request: HttpRequest, wish: _Wish, sign_in: BrowserSignIn) -> HttpResponse:
    """Ask the person, or tell the client what they have said."""
    # What the account itself may not do cannot be handed on, whoever asks.
    may_grant = scopes_of(sign_in.account.role) | PERSONAL_SCOPES
    scopes = [scope for scope in wish.scopes if scope in may_grant]
    step = request.POST.get("step") if request.method == "POST" else None
    if step == "allow":
        request.user = sign_in.account  # type: ignore[assignment] # the toolkit's bridge reads it
        location, *_ = query_bridge().create_authorization_response(
            request, scopes, {**wish.parameters, "sign_in": sign_in}, allow=True
        )
        return _redirect(request, location)
    if step == "deny":
        denied = errors.AccessDeniedError(state=wish.parameters["state"])
        return _redirect(request, denied.in_uri(wish.redirect_uri))
    context = {
        "page": f"Allow {wish.client.name}?",
        "client": wish.client.name,
        "host": shown_host(wish.redirect_uri),
        "email": sign_in.account.email,
        "scopes": [SCOPES[scope] for scope in scopes],
    }
    return pages.page(request, "consent.html", context, form_target=form_target(wish.redirect_uri))


def _fresh_sign_in(request: HttpRequest, asked: Any) -> BrowserSignIn | None:
    """
    Give who has signed in, unless the client asks for a new sign-in (OpenID Connect Core §3.1.2.1).

    Raises:
        OAuth2Error: The client wants no page, or its wish cannot be read.
    """
    prompts = set((asked.prompt or "").split())
    if "none" in prompts and len(prompts) > 1:
        raise errors.InvalidRequestError("prompt=none stands alone.", request=asked)
    sign_in = pages.signed_in(request)
    if sign_in is not None and asked.max_age is not None:
        if not (asked.max_age.isascii() and asked.max_age.isdigit()):
            raise errors.InvalidRequestError("max_age is a number of seconds.", request=asked)
        if (timezone.now() - sign_in.authenticated_at).total_seconds() > int(asked.max_age[:9]):
            sign_in = None
    if "login" in prompts:
        sign_in = None
    if "none" in prompts:
        # Whom a person has allowed something before is asked for it again: consent is always a page.
        raise (errors.ConsentRequired if sign_in else errors.LoginRequired)(request=asked)
    return sign_in


def _redirect(request: HttpRequest, location: str) -> HttpResponse:
    """Send the browser back to the client, whose address was checked; its scheme may be its own."""
    location = with_issuer(location)
    response: HttpResponse = OAuth2ResponseRedirect(location, [urlsplit(location).scheme])
    if request.method == "POST":
        # RFC 9700 §4.12.
        response.status_code = 303
    return response


def _explain(error: FatalClientError) -> str:
    return str(error.oauthlib_error.description or error.oauthlib_error.error)
