"""The page on which a person answers a device that waits (RFC 8628 §3.3)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.auth.errors import TooManyAttemptsError, UserCodeError
from apps.auth.http.callers import caller_of
from apps.auth.http.views import pages
from apps.auth.services.browser import BrowserSignIn
from apps.auth.services.oauth.devices import answer_device, get_waiting_device
from mediagateway.scopes import PERSONAL_SCOPES, SCOPES, scopes_of

_MAX_TYPED = 64


@require_http_methods(["GET", "HEAD", "POST"])
@pages.guarded
def link(request: HttpRequest) -> HttpResponse:
    """Ask for the code that the device shows, show who asks for what, and take the answer."""
    answer = pages.take_sign_in_step(request) if request.method == "POST" else None
    if answer is not None:
        return answer
    sign_in = pages.signed_in(request)
    if sign_in is None:
        return pages.sign_in_page(request)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    source = request.POST if request.method == "POST" else request.GET
    typed = source.get("user_code", "")[:_MAX_TYPED]
    if step == "find":
        return pages.see_other(f"{request.path}?{urlencode({'user_code': typed})}")
    if not typed:
        return _ask_for_code(request, sign_in)
    try:
        return _answer(request, sign_in, typed, step)
    except (UserCodeError, TooManyAttemptsError) as err:
        return _ask_for_code(request, sign_in, fault=err.detail, typed=typed, status=err.status)


def _answer(request: HttpRequest, sign_in: BrowserSignIn, typed: str, step: str) -> HttpResponse:
    device = get_waiting_device(typed, sign_in, caller_of(request))
    if step in ("allow", "deny"):
        answer_device(device, sign_in, is_allowed=step == "allow")
        if step == "deny":
            return pages.message(request, "Not linked", f"{device.client_name} was told no.")
        return pages.message(request, "Linked", f"Go on at {device.client_name}: it knows in a few seconds.")
    may_grant = scopes_of(sign_in.account.role) | PERSONAL_SCOPES
    context = {
        "page": f"Link {device.client_name}?",
        "device": device,
        "asked_minutes_ago": int((timezone.now() - device.asked_at).total_seconds() // 60),
        "email": sign_in.account.email,
        "scopes": [SCOPES[scope] for scope in device.scopes if scope in may_grant],
    }
    return pages.page(request, "device.html", context)


def _ask_for_code(
    request: HttpRequest, sign_in: BrowserSignIn, *, fault: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "page": "Link a device",
        "is_signed_in": True,
        "email": sign_in.account.email,
        "fault": fault,
        "typed": typed,
    }
    return pages.page(request, "link.html", context, status=status)
