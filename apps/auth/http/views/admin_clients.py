"""OAuth clients, for admins."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.queries.clients import ClientRecord, get_client, list_clients
from apps.auth.services.clients import ClientFacts, change_client, create_client, disable_client, replace_secret
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.pagination import decode_cursor, encode_cursor, page_body
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import PageQuery, PlainTextField, StrictSerializer, read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body
from mediagateway.principal import Tier
from mediagateway.scopes import SCOPES

_LIST = "oauth-clients"
_EXAMPLE = OpenApiExample(
    "A television",
    value={
        "name": "Example TV",
        "kind": "public",
        "grant_types": ["refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        "scopes": ["openid", "offline_access", "read:content", "write:watchlist"],
    },
    request_only=True,
)


class ClientChangeBody(StrictSerializer):
    """What may be said of a client."""

    name = PlainTextField(max_length=100, help_text="What people read on the consent page.")
    redirect_uris = serializers.ListField(
        child=serializers.CharField(max_length=512), max_length=20, help_text="Compared character by character."
    )
    grant_types = serializers.ListField(
        child=serializers.ChoiceField(choices=[(grant.value, grant.name) for grant in GrantType]),
        min_length=1,
        max_length=4,
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=list(SCOPES)), min_length=1, max_length=len(SCOPES),
        help_text="The most that it may ask for.",
    )  # fmt: skip
    tier = serializers.ChoiceField(choices=[(tier.value, tier.name) for tier in Tier])
    is_resource_server = serializers.BooleanField(help_text="Whether it may introspect tokens of other clients.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Require nothing: what is left out stays."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class ClientBody(ClientChangeBody):
    """The client that is wanted."""

    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.name) for kind in ClientKind],
        help_text="Whether it can keep a secret (RFC 6749 §2.1).",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Require what has no default."""
        fields = super().get_fields()
        for name in ("name", "kind", "grant_types", "scopes"):
            fields[name].required = True
        return fields


class NewClient(shape_of(ClientRecord)):  # type: ignore[misc] # made from the dataclass
    """A client and its secret, which is shown this once."""

    client_secret = serializers.CharField(allow_null=True, help_text="Null for a public client.")


class ClientListView(ApiView):
    """All clients."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:clients"})

    @extend_schema(
        operation_id="auth_oauth_client_list",
        summary="List OAuth clients",
        parameters=[PageQuery],
        responses={200: page_of(shape_of(ClientRecord)), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the clients, newest first, disabled ones too; secrets are not shown again."""
        asked = read_query(PageQuery, request.GET)
        position = decode_cursor(_LIST, asked["cursor"])
        after = (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
        found = list_clients(after=after, limit=asked["limit"] + 1)
        shown = found[: asked["limit"]]
        cursor = None
        if len(found) > len(shown):
            cursor = encode_cursor(_LIST, (shown[-1].created_at.isoformat(), str(shown[-1].id)))
        return json_response(page_body(shown, cursor))

    @extend_schema(
        operation_id="auth_oauth_client_create",
        summary="Register an OAuth client",
        request=ClientBody,
        responses={201: NewClient, **problems(403)},
        examples=[_EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Register a client; its secret is shown this once."""
        asked = read_body(ClientBody, json_body(request))
        facts = ClientFacts(kind=ClientKind(asked.pop("kind")), **{"redirect_uris": (), **_read(asked)})
        secret, client = create_client(facts, principal=require_principal(request))
        return _with_secret(client, secret, status=201)


class ClientView(ApiView):
    """One client."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:clients"})

    @extend_schema(
        operation_id="auth_oauth_client_get",
        summary="Show an OAuth client",
        responses={200: shape_of(ClientRecord), **problems(403, 404)},
    )
    def get(self, request: Request, key: UUID) -> HttpResponse:
        """Show a client."""
        return json_response(get_client(key))

    @extend_schema(
        operation_id="auth_oauth_client_change",
        summary="Change an OAuth client",
        request=ClientChangeBody,
        responses={200: shape_of(ClientRecord), **problems(403, 404)},
    )
    def patch(self, request: Request, key: UUID) -> HttpResponse:
        """Change what is given; what the client was granted before stays."""
        changes = _read(read_body(ClientChangeBody, json_body(request)))
        return json_response(change_client(key, changes, principal=require_principal(request)))

    @extend_schema(
        operation_id="auth_oauth_client_disable",
        summary="Disable an OAuth client for good",
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, key: UUID) -> HttpResponse:
        """Disable a client for good; within five seconds its tokens are good nowhere."""
        disable_client(key, principal=require_principal(request))
        return HttpResponse(status=204)


class ClientSecretView(ApiView):
    """The secret of a client."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:clients"})

    @extend_schema(
        operation_id="auth_oauth_client_replace_secret",
        summary="Give an OAuth client a new secret",
        request=None,
        responses={200: NewClient, **problems(403, 404, 409)},
    )
    def post(self, request: Request, key: UUID) -> HttpResponse:
        """Make a new secret, shown this once; the one before is good no more."""
        secret, client = replace_secret(key, principal=require_principal(request))
        return _with_secret(client, secret)


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    """Bring what was asked for into the types of `ClientFacts`."""
    kinds: dict[str, Callable[[Any], Any]] = {
        "redirect_uris": tuple,
        "grant_types": lambda names: frozenset(GrantType(name) for name in names),
        "scopes": frozenset,
        "tier": Tier,
    }
    return {name: kinds[name](value) if name in kinds else value for name, value in asked.items()}


def _with_secret(client: ClientRecord, secret: str, *, status: int = 200) -> HttpResponse:
    members = {name: getattr(client, name) for name in client.__slots__}
    return json_response({**members, "client_secret": secret or None}, status=status)
