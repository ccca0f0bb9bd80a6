"""Keys for programs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.auth.http.callers import require_signed_in
from apps.auth.http.serializers import ApiKeyBody, NewApiKey
from apps.auth.queries.api_keys import ApiKeyRecord, list_api_keys
from apps.auth.services.api_keys import create_api_key, revoke_api_key
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.pagination import decode_cursor, encode_cursor, page_body
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import PageQuery, read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body


class ApiKeyListView(ApiView):
    """The account's keys."""

    permission_classes = [Scoped]
    scopes = {"GET": frozenset({"read:profile"}), "POST": frozenset({"write:profile"})}

    @extend_schema(
        operation_id="auth_api_key_list",
        summary="List your API keys",
        parameters=[PageQuery],
        responses={200: page_of(shape_of(ApiKeyRecord)), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the keys that are not revoked, newest first; the keys themselves are not shown again."""
        _, account = require_signed_in(request)
        asked = read_query(PageQuery, request.GET)
        list_name = f"api-keys:{account.id}"
        position = decode_cursor(list_name, asked["cursor"])
        after = (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
        found = list_api_keys(account.id, after=after, limit=asked["limit"] + 1)
        shown = found[: asked["limit"]]
        cursor = None
        if len(found) > len(shown):
            cursor = encode_cursor(list_name, (shown[-1].created_at.isoformat(), str(shown[-1].id)))
        return json_response(page_body(shown, cursor))

    @extend_schema(
        operation_id="auth_api_key_create",
        summary="Make an API key",
        request=ApiKeyBody,
        responses={201: NewApiKey, **problems(403, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Make a key with some of your own scopes; it is shown this once."""
        principal, account = require_signed_in(request)
        asked = read_body(ApiKeyBody, json_body(request))
        days = asked.get("expires_in_days")
        key, record = create_api_key(
            principal,
            account.id,
            name=asked["name"],
            scopes=frozenset(asked["scopes"]),
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        members = {name: getattr(record, name) for name in record.__slots__}
        return json_response({**members, "key": key}, status=201)


class ApiKeyView(ApiView):
    """One key."""

    permission_classes = [Scoped]
    scopes = frozenset({"write:profile"})

    @extend_schema(
        operation_id="auth_api_key_revoke", summary="Revoke an API key", responses={204: None, **problems(403, 404)}
    )
    def delete(self, request: Request, key_id: UUID) -> HttpResponse:
        """Revoke a key; within five seconds it is good nowhere."""
        principal, account = require_signed_in(request)
        revoke_api_key(principal, account.id, key_id)
        return HttpResponse(status=204)
