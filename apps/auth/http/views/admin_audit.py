"""The audit log, for admins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from mediagateway import audit
from mediagateway.audit import AuditFilter
from mediagateway.http.conditional import json_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import IdField, PageQuery, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView
from mediagateway.models import AuditEntry


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A security event or an admin's act."""

    id: int
    created_at: datetime
    action: str
    account_id: UUID | None
    actor_id: UUID | None
    client_id: str
    target: str
    request_id: str
    previous_hash: str
    hash: str


class AuditRecordShape(shape_of(AuditRecord)):  # type: ignore[misc] # made from the dataclass
    """A security event or an admin's act."""

    details = serializers.DictField(help_text="What else there is to know; its members depend on the action.")


class AuditQuery(PageQuery):
    """Which entries."""

    action = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64, help_text="auth.session_revoked, say."
    )
    target = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=255, help_text="account:<id>, say."
    )
    account_id = IdField(required=False, default=None, help_text="Who did it.")
    actor_id = IdField(required=False, default=None, help_text="The admin who acted as the account.")
    since = serializers.DateTimeField(required=False, default=None)
    until = serializers.DateTimeField(required=False, default=None, help_text="Not included.")


class AuditLogView(ApiView):
    """What has happened, newest first."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:audit"})

    @extend_schema(
        operation_id="auth_audit_entries_list",
        summary="Search the audit log",
        parameters=[AuditQuery],
        responses={200: page_of(AuditRecordShape), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List entries by action, target, account, admin and time."""
        asked = read_query(AuditQuery, request.GET)
        limit = asked["limit"]
        wanted = AuditFilter(
            **{name: asked[name] for name in ("action", "target", "account_id", "actor_id", "since", "until")}
        )
        list_name = f"audit:{wanted}"
        position = decode_cursor(list_name, asked["cursor"])
        found = audit.list_entries(wanted, before_id=position[0] if position else None, limit=limit + 1)
        shown = found[:limit]
        cursor = encode_cursor(list_name, (shown[-1].id,)) if len(found) > limit else None
        response = json_response(page_body([_present(entry) for entry in shown], cursor))
        if cursor:
            response["Link"] = next_link(_plain(request), cursor)
        return response


def _present(entry: AuditEntry) -> dict[str, Any]:
    """Write an entry; its details are JSON already."""
    record = {name: getattr(entry, name) for name in AuditRecord.__slots__}
    return {**record, "details": orjson.Fragment(entry.details)}


def _plain(request: Request) -> HttpRequest:
    """Give Django's request, which DRF's stands for."""
    return request._request  # noqa: SLF001 -- DRF has no other way to it
