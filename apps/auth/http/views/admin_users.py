"""What admins may see and do of accounts."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from apps.auth.domain.access_tokens import LIFETIME_S
from apps.auth.http.callers import require_signed_in
from apps.auth.http.serializers import AccessTokenAnswer
from apps.auth.queries.accounts import AccountDetail, get_account_detail
from apps.auth.services.impersonation import SCOPES, impersonate
from apps.user.api import erase_account_as_admin, list_accounts, restore_account, update_account
from apps.user.contracts import AccountEntry, AccountFilter, AccountState
from mediagateway.http.conditional import json_response, version_check, versioned_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import PageQuery, StrictSerializer, read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body
from mediagateway.principal import Role, Tier

_ID = OpenApiParameter("account_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the account.")
_DETAIL = shape_of(AccountDetail)
_TIERS = [(tier.value, tier.name) for tier in Tier]
#: What a person's account can be; a service is no person.
_PERSONS = [(role.value, role.name) for role in (Role.USER, Role.ADMIN)]


class AccountQuery(PageQuery):
    """Which accounts."""

    email = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=254, help_text="The address, or a part of it."
    )
    role = serializers.ChoiceField(_PERSONS, required=False, default=None)
    tier = serializers.ChoiceField(_TIERS, required=False, default=None)
    state = serializers.ChoiceField(
        [(state.value, state.name) for state in AccountState],
        required=False,
        default=None,
        help_text="Open, switched off, or erased and not yet purged.",
    )


class AccountBody(StrictSerializer):
    """What to change; what is not named stays."""

    role = serializers.ChoiceField(_PERSONS, required=False)
    tier = serializers.ChoiceField(_TIERS, required=False)
    is_active = serializers.BooleanField(required=False, help_text="Whether anybody may sign in.")


class ImpersonationBody(StrictSerializer):
    """Why."""

    reason = serializers.CharField(min_length=3, max_length=500, help_text="Kept in the audit log.")


class ImpersonationAnswer(AccessTokenAnswer):
    """An access token that names the admin as its actor; there is no refresh token."""

    scope = serializers.CharField(help_text="Space-separated.")


class AccountListView(ApiView):
    """All accounts."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:users"})

    @extend_schema(
        operation_id="auth_account_list",
        summary="Search accounts",
        parameters=[AccountQuery],
        responses={200: page_of(shape_of(AccountEntry)), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List accounts by address, role, tier and state, newest first."""
        asked = read_query(AccountQuery, request.GET)
        wanted = AccountFilter(**{name: asked[name] for name in ("email", "role", "tier", "state")})
        list_name = f"accounts:{wanted}"
        page = list_accounts(wanted, after=decode_cursor(list_name, asked["cursor"]), limit=asked["limit"])
        cursor = encode_cursor(list_name, page.next_key) if page.next_key else None
        response = json_response(page_body(page.items, cursor))
        if cursor:
            response["Link"] = next_link(request, cursor)
        return response


class AccountView(ApiView):
    """One account."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:users"})

    @extend_schema(
        operation_id="auth_account_get",
        summary="Read an account",
        parameters=[_ID],
        responses={200: _DETAIL, **problems(403, 404)},
    )
    def get(self, request: Request, account_id: UUID) -> HttpResponse:
        """Read an account and how it signs in."""
        return _account(request, account_id)

    @extend_schema(
        operation_id="auth_account_update",
        summary="Change an account",
        parameters=[_ID],
        request=AccountBody,
        responses={200: _DETAIL, **problems(403, 404, 409, 412)},
    )
    def patch(self, request: Request, account_id: UUID) -> HttpResponse:
        """Change role, tier, or whether anybody may sign in; who may do less has to sign in again."""
        changes = read_body(AccountBody, json_body(request))
        update_account(account_id, changes, principal=require_principal(request), expect=version_check(request))
        return _account(request, account_id)

    @extend_schema(
        operation_id="auth_account_erase",
        summary="Erase an account",
        parameters=[_ID],
        request=None,
        responses={204: None, **problems(403, 404, 409)},
    )
    def delete(self, request: Request, account_id: UUID) -> HttpResponse:
        """Close the account at once, as its owner could; it can be restored for 30 days, then everything goes."""
        erase_account_as_admin(account_id, principal=require_principal(request), now=timezone.now())
        return HttpResponse(status=204)


class AccountRestoreView(ApiView):
    """An erased account."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:users"})

    @extend_schema(
        operation_id="auth_account_restore",
        summary="Restore an erased account",
        parameters=[_ID],
        request=None,
        responses={200: _DETAIL, **problems(403, 404)},
    )
    def post(self, request: Request, account_id: UUID) -> HttpResponse:
        """Open an account again that was erased less than 30 days ago."""
        restore_account(account_id, principal=require_principal(request), now=timezone.now())
        return _account(request, account_id)


class ImpersonationView(ApiView):
    """Acting as somebody else."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:impersonate"})

    @extend_schema(
        operation_id="auth_account_impersonate",
        summary="Act as another account",
        parameters=[_ID],
        request=ImpersonationBody,
        responses={200: ImpersonationAnswer, **problems(403, 404, 409)},
    )
    def post(self, request: Request, account_id: UUID) -> HttpResponse:
        """Give a token for 15 minutes that cannot manage the household or its sign-in; never another admin's."""
        admin, _ = require_signed_in(request)
        reason = read_body(ImpersonationBody, json_body(request))["reason"]
        token = impersonate(admin, account_id, reason=reason, now=timezone.now())
        scope = " ".join(sorted(SCOPES))
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_S, "scope": scope})


def _account(request: Request, account_id: UUID) -> HttpResponse:
    detail = get_account_detail(account_id, now=timezone.now())
    return versioned_response(request, detail, version=detail.version)
