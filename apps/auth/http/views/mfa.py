"""The second factor."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.auth.http.callers import caller_of, require_signed_in
from apps.auth.http.serializers import BackupCodes, ChallengeBody, CodeBody, DisableBody, TokenAnswer
from apps.auth.http.views.sign_in import token_response
from apps.auth.services import mfa, sign_in
from apps.auth.services.mfa import Enrolment
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body


class _ManagingView(ApiView):
    """The base of what only who has signed in may do."""

    permission_classes = [Scoped]
    scopes = frozenset({"write:profile"})


class EnrollView(_ManagingView):
    """A new authenticator app."""

    @extend_schema(
        operation_id="auth_mfa_enroll",
        summary="Enrol an authenticator app",
        request=None,
        responses={200: shape_of(Enrolment), **problems(403, 409)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Give the secret for an authenticator app; it counts once `/mfa/verify` has seen a code of it."""
        _, account = require_signed_in(request)
        return json_response(mfa.start_enrolment(account))


class VerifyView(_ManagingView):
    """The proof that the app has the secret."""

    @extend_schema(
        operation_id="auth_mfa_verify",
        summary="Confirm the authenticator app",
        request=CodeBody,
        responses={200: BackupCodes, **problems(403, 409, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Take a first code; from now on every sign-in asks for one. Gives the backup codes."""
        principal, account = require_signed_in(request)
        code = read_body(CodeBody, json_body(request))["code"]
        return json_response({"backup_codes": mfa.confirm_enrolment(principal, account.id, code)})


class ChallengeView(ApiView):
    """The second half of a sign-in."""

    @extend_schema(
        operation_id="auth_mfa_challenge",
        summary="Sign in with the second factor",
        request=ChallengeBody,
        responses={200: TokenAnswer, **problems(401, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Open the session that waits for a code of the app, or a backup code."""
        asked = read_body(ChallengeBody, json_body(request))
        pair = sign_in.answer_challenge(mfa_token=asked["mfa_token"], code=asked["code"], caller=caller_of(request))
        return token_response(pair)


class DisableView(_ManagingView):
    """The end of the second factor."""

    @extend_schema(
        operation_id="auth_mfa_disable",
        summary="Disable the second factor",
        request=DisableBody,
        responses={204: None, **problems(403, 409, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Do without a second factor again; takes the password and a code."""
        principal, account = require_signed_in(request)
        asked = read_body(DisableBody, json_body(request))
        mfa.disable(principal, account, password=asked["password"], code=asked["code"])
        return HttpResponse(status=204)


class BackupCodesView(_ManagingView):
    """New codes on paper."""

    @extend_schema(
        operation_id="auth_mfa_replace_codes",
        summary="Make new backup codes",
        request=CodeBody,
        responses={200: BackupCodes, **problems(403, 409, 429)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Make ten new backup codes; those before are good no more."""
        principal, account = require_signed_in(request)
        code = read_body(CodeBody, json_body(request))["code"]
        return json_response({"backup_codes": mfa.replace_backup_codes(principal, account.id, code)})
