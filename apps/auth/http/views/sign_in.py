"""Registering, signing in and out, and going on as somebody else of the household."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.auth.domain.access_tokens import LIFETIME_S
from apps.auth.errors import SessionRequiredError
from apps.auth.http.callers import caller_of
from apps.auth.http.serializers import (
    AccessTokenAnswer,
    EmailBody,
    LoginAnswer,
    LoginBody,
    Message,
    ProfileSwitchBody,
    RefreshBody,
    RegisterBody,
    TokenAnswer,
    TokenBody,
)
from apps.auth.services import sessions, sign_in
from apps.auth.services.sessions import TokenPair
from apps.user.api import check_profile_switch
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body


class RegisterView(ApiView):
    """A new account."""

    @extend_schema(
        operation_id="auth_account_register",
        summary="Register",
        request=RegisterBody,
        responses={201: Message, **problems(429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Make an account and mail the token that confirms its address; the answer is the same when there is one."""
        asked = read_body(RegisterBody, json_body(request))
        sign_in.register(email=asked["email"], password=asked["password"], name=asked["display_name"])
        return json_response({"message": "Look into your mail to confirm your address."}, status=201)


class LoginView(ApiView):
    """A sign-in."""

    @extend_schema(
        operation_id="auth_session_create",
        summary="Sign in",
        request=LoginBody,
        responses={200: LoginAnswer, **problems(401, 403, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Open a session for a password; where there is a second factor, `/mfa/challenge` comes between."""
        asked = read_body(LoginBody, json_body(request))
        outcome = sign_in.sign_in(
            email=asked["email"], password=asked["password"], caller=caller_of(request), restore=asked["restore"]
        )
        if isinstance(outcome, TokenPair):
            return token_response(outcome)
        return json_response({"mfa_required": True, "mfa_token": outcome})


class RefreshView(ApiView):
    """The next pair of tokens."""

    @extend_schema(
        operation_id="auth_session_refresh",
        summary="Refresh the tokens",
        request=RefreshBody,
        responses={200: TokenAnswer, **problems(401)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Exchange a refresh token, which works once; one that comes back ends its session."""
        asked = read_body(RefreshBody, json_body(request))
        return token_response(sessions.refresh_session(asked["refresh_token"]))


class LogoutView(ApiView):
    """The end of a session."""

    permission_classes = [Scoped]
    scopes = frozenset[str]()

    @extend_schema(
        operation_id="auth_session_end", summary="Sign out", request=None, responses={204: None, **problems(403, 404)}
    )
    def post(self, request: Request) -> HttpResponse:
        """End the session that the token belongs to; within five seconds its tokens are good nowhere."""
        principal = require_principal(request)
        if principal.session_id is None:
            raise SessionRequiredError("This token belongs to no session.")
        sessions.end_session(principal.session_id, principal=principal)
        return HttpResponse(status=204)


class ProfileSwitchView(ApiView):
    """Who watches."""

    permission_classes = [Scoped]
    scopes = frozenset({"read:profile"})

    @extend_schema(
        operation_id="auth_profile_switch",
        summary="Go on as another person of the household",
        request=ProfileSwitchBody,
        responses={200: AccessTokenAnswer, **problems(403, 404, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Give an access token of another profile in place of this one; the household's PIN leaves a child's."""
        principal = require_principal(request)
        if principal.session_id is None:
            raise SessionRequiredError("This token belongs to no session.")
        asked = read_body(ProfileSwitchBody, json_body(request))
        profile = check_profile_switch(principal, asked["profile_id"], pin=asked["pin"], now=timezone.now())
        token = sessions.switch_profile(principal, None if profile.is_owner else profile.id)
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_S})


class VerifyEmailView(ApiView):
    """The proof of an address."""

    @extend_schema(
        operation_id="auth_email_verify", summary="Confirm an e-mail address", request=TokenBody, responses={204: None}
    )
    def post(self, request: Request) -> HttpResponse:
        """Confirm an address by the token of the e-mail, which holds for 24 hours and works once."""
        sign_in.confirm_email(read_body(TokenBody, json_body(request))["token"])
        return HttpResponse(status=204)


class ResendVerificationView(ApiView):
    """The e-mail again."""

    @extend_schema(
        operation_id="auth_email_resend",
        summary="Send the confirmation again",
        request=EmailBody,
        responses={202: Message, **problems(429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Send the token again, at most once a minute; the answer is the same whether or not there is an account."""
        sign_in.resend_confirmation(read_body(EmailBody, json_body(request))["email"])
        return json_response({"message": "If the address waits for it, a mail is on its way."}, status=202)


def token_response(pair: TokenPair) -> HttpResponse:
    """Answer with tokens, as RFC 6749 §5.1 has it."""
    body: dict[str, Any] = {
        "access_token": pair.access_token,
        "token_type": "Bearer",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh_token,
        "scope": pair.scope,
    }
    return json_response(body)
