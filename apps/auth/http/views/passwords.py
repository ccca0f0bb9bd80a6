"""Passwords, forgotten and changed."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.auth.http.callers import require_signed_in
from apps.auth.http.serializers import ChangeBody, EmailBody, Message, ResetBody
from apps.auth.queries.mfa import has_second_factor
from apps.auth.services import mfa, passwords
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body


class ForgotView(ApiView):
    """A password that nobody remembers."""

    @extend_schema(
        operation_id="auth_password_forget",
        summary="Ask for a new password",
        request=EmailBody,
        responses={200: Message, **problems(429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Mail the token that sets a new password; the answer is the same whether or not there is an account."""
        passwords.request_reset(read_body(EmailBody, json_body(request))["email"])
        return json_response({"message": "If there is an account, a mail is on its way."})


class ResetView(ApiView):
    """A new password in place of a forgotten one."""

    @extend_schema(
        operation_id="auth_password_reset", summary="Set a new password", request=ResetBody, responses={204: None}
    )
    def post(self, request: Request) -> HttpResponse:
        """Set a new password by the token of the e-mail, and end all sessions; the token works once, for an hour."""
        asked = read_body(ResetBody, json_body(request))
        passwords.reset_password(asked["token"], asked["new_password"])
        return HttpResponse(status=204)


class ChangeView(ApiView):
    """Another password."""

    permission_classes = [Scoped]
    scopes = frozenset({"write:profile"})

    @extend_schema(
        operation_id="auth_password_change",
        summary="Change the password",
        request=ChangeBody,
        responses={204: None, **problems(403, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Change the password by the present one, and the second factor where there is one; ends other sessions."""
        principal, account = require_signed_in(request)
        asked = read_body(ChangeBody, json_body(request))
        if has_second_factor(account.id):
            mfa.check_code(account.id, asked.get("code", ""))
        passwords.change_password(
            principal, account, current=asked["current_password"], new_password=asked["new_password"]
        )
        return HttpResponse(status=204)
