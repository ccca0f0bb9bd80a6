"""Pages that a person sees: what they share, and signing in on them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_protect
from django_ratelimit.decorators import ratelimit

from apps.auth import conf
from apps.auth.errors import (
    AccountErasedError,
    EmailNotVerifiedError,
    InvalidCodeError,
    InvalidCredentialsError,
    MfaTokenError,
    TooManyAttemptsError,
)
from apps.auth.http.callers import caller_of
from apps.auth.services import sign_in
from apps.auth.services.browser import BrowserSignIn, end_browser_session, find_browser_session
from mediagateway.limits.subjects import page_key

#: SameSite=Lax: a client sends people here from its own site, and they stay signed in.
COOKIE = "mg_sign_in"
_RATE = "10/m"
_MAX_FIELD = 1024
#: Parameters that ask for a new sign-in; once there was one they have been heeded.
_HEEDED = frozenset({"prompt", "max_age"})

View = Callable[[HttpRequest], HttpResponse]


def guarded(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Guard a page with forms: a token against forged posts, ten posts a minute, nothing kept by anybody."""

    @wraps(view)
    def guard(request: HttpRequest) -> HttpResponse:
        if getattr(request, "limited", False):
            return message(request, "Too many attempts", "Wait a minute and try again.", status=429)
        response = view(request)
        response["Cache-Control"] = "private, no-store"
        return response

    limited: View = ratelimit(key=page_key, rate=_RATE, method="POST", block=False)(guard)
    return csrf_protect(limited)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, form_target: str = ""
) -> HttpResponse:
    """
    Show a page of ours: no script, our own style sheet, in no frame.

    Args:
        request: Who asks.
        template: Below `authn/`.
        context: What the template needs.
        status: HTTP status.
        form_target: Where a form's answer may redirect to besides here, as a content policy writes it.
    """
    response = render(request, f"authn/{template}", context, status=status)
    response.is_page = True  # type: ignore[attr-defined] # ours: an error that is meant for a person
    response._csp_config = {  # type: ignore[attr-defined] # noqa: SLF001 -- what django-csp's decorator sets
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'", *([form_target] if form_target else [])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
    return response


def message(request: HttpRequest, title: str, text: str, *, status: int = 200) -> HttpResponse:
    """Tell a person something."""
    return page(request, "message.html", {"page": title, "text": text}, status=status)


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: `settings.CSRF_FAILURE_VIEW`. Mostly it was open in two windows."""
    if request.path_info.startswith(settings.SESSION_PATHS):
        return csrf_failure(request, reason)
    return message(request, "This page is too old", "Go back, open it anew, and try again.", status=403)


def see_other(location: str) -> HttpResponse:
    """Send a browser on by GET (RFC 9700 §4.12: a 307 would send the password along)."""
    return HttpResponse(status=303, headers={"Location": location})


def signed_in(request: HttpRequest) -> BrowserSignIn | None:
    """Give who has signed in in this browser."""
    return find_browser_session(request.COOKIES.get(COOKIE, "")[:_MAX_FIELD])


def sign_in_page(request: HttpRequest, *, fault: str = "", mfa_token: str = "", status: int = 200) -> HttpResponse:
    """Ask for the password, or for the code once that was right."""
    context = {
        "page": "Sign in",
        "fault": fault,
        "mfa_token": mfa_token,
        "email": _field(request, "email") or request.GET.get("login_hint", "")[:254],
    }
    return page(request, "sign_in.html", context, status=status)


def take_sign_in_step(request: HttpRequest) -> HttpResponse | None:
    """Take what the sign-in page posts; None when it was another page's form."""
    step = request.POST.get("step")
    if step == "sign_out":
        end_browser_session(request.COOKIES.get(COOKIE, "")[:_MAX_FIELD])
        response = see_other(request.get_full_path())
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    if step not in ("password", "code"):
        return None
    try:
        return _sign_in(request) if step == "password" else _answer_challenge(request)
    except InvalidCodeError as err:
        return sign_in_page(request, fault=err.detail, mfa_token=_field(request, "mfa_token"), status=err.status)
    except (
        InvalidCredentialsError,
        TooManyAttemptsError,
        AccountErasedError,
        EmailNotVerifiedError,
        MfaTokenError,
    ) as err:
        return sign_in_page(request, fault=err.detail, status=err.status)


def _sign_in(request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    email, password = _field(request, "email").strip().lower(), _field(request, "password")
    proof = sign_in.check_password(email=email, password=password[: settings.MAX_PASSWORD_LENGTH + 1], caller=caller)
    if isinstance(proof, str):
        return sign_in_page(request, mfa_token=proof)
    return _go_on(request, sign_in.sign_in_browser(proof, caller, mfa_used=False))


def _answer_challenge(request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    mfa_token, code = _field(request, "mfa_token"), _field(request, "code").strip()
    account = sign_in.check_challenge(mfa_token=mfa_token, code=code, caller=caller)
    return _go_on(request, sign_in.sign_in_browser(account, caller, mfa_used=True))


def _go_on(request: HttpRequest, secret: str) -> HttpResponse:
    """Come back to the page that asked for the sign-in: this very one, so that nobody can be sent elsewhere."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if name not in _HEEDED]
    response = see_other(f"{request.path}?{urlencode(pairs)}" if pairs else request.path)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=conf.BROWSER_SESSION_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _field(request: HttpRequest, name: str) -> str:
    """Read a field as far as a form of ours would fill it; a NUL, which no database takes, ends it."""
    return request.POST.get(name, "")[:_MAX_FIELD].partition("\0")[0]
