"""Where one is signed in."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.auth.http.callers import require_signed_in
from apps.auth.queries.sessions import SessionRecord, list_sessions
from apps.auth.services.sessions import end_session
from mediagateway.http.conditional import json_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, page_body
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import PageQuery, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView


class SessionListView(ApiView):
    """All sign-ins that go on."""

    permission_classes = [Scoped]
    scopes = frozenset({"read:profile"})

    @extend_schema(
        operation_id="auth_session_list",
        summary="List your sessions",
        parameters=[PageQuery],
        responses={200: page_of(shape_of(SessionRecord)), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the account's open sessions, newest first."""
        principal, account = require_signed_in(request)
        asked = read_query(PageQuery, request.GET)
        list_name = f"sessions:{account.id}"
        position = decode_cursor(list_name, asked["cursor"])
        after = (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
        found = list_sessions(
            account.id, now=timezone.now(), current=principal.session_id, after=after, limit=asked["limit"] + 1
        )
        shown = found[: asked["limit"]]
        cursor = None
        if len(found) > len(shown):
            cursor = encode_cursor(list_name, (shown[-1].created_at.isoformat(), str(shown[-1].id)))
        return json_response(page_body(shown, cursor))


class SessionView(ApiView):
    """One sign-in."""

    permission_classes = [Scoped]
    scopes = frozenset({"write:profile"})

    @extend_schema(
        operation_id="auth_session_revoke", summary="End a session", responses={204: None, **problems(403, 404)}
    )
    def delete(self, request: Request, session_id: UUID) -> HttpResponse:
        """End one of the account's sessions; within five seconds its tokens are good nowhere."""
        principal, _ = require_signed_in(request)
        end_session(session_id, principal=principal)
        return HttpResponse(status=204)
