"""The whole state, how it once stood, and going back."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.sync.domain.changes import kind_of
from apps.sync.domain.clock import stamp_ms
from apps.sync.domain.digests import compute_digest
from apps.sync.domain.state import State
from apps.sync.domain.wire import write_operation, write_state
from apps.sync.http.scopes import check_may_write
from apps.sync.http.serializers.answers import HistoryAnswer, RestoreAnswer, StateAnswer
from apps.sync.http.serializers.requests import HistoryQuery, RestoreBody
from apps.sync.http.views.base import READ_ALL, PersonalView, viewer_of
from apps.sync.queries.log import get_missing, get_operation, get_state_at, list_recent
from apps.sync.services.restoring import KINDS_OF_LIST, restore, undo
from mediagateway.http.conditional import json_response, versioned_response
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body

#: Operations that history shows, the newest first.
_SHOWN = 50


class StateView(PersonalView):
    """Everything that is kept in step."""

    scopes = {"GET": READ_ALL}

    @extend_schema(
        operation_id="sync_state_get",
        summary="Read the whole state with its digest",
        responses={200: StateAnswer, **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Read the state, its version vector and its digest, which is the ETag too."""
        missing = get_missing(viewer_of(request), {})
        digest = compute_digest(missing.state)
        body = {
            "state": write_state(missing.state),
            "version": missing.at.vector,
            "position": missing.at.position,
            "digest": digest,
            "server_time": timezone.now(),
        }
        return versioned_response(request, body, version=digest)


class HistoryView(PersonalView):
    """The lists as they stood at a time."""

    scopes = {"GET": READ_ALL}

    @extend_schema(
        operation_id="sync_history_get",
        summary="See the lists as of any time",
        parameters=[HistoryQuery],
        responses={200: HistoryAnswer, **problems(403, 404)},
    )
    def get(self, request: Request) -> HttpResponse:
        """
        See watchlist, progress and preferences as of a time within 90 days, and the last 50 operations until then.

        What is older than a day is exact to the hour for progress, and to the operation for everything else.
        """
        now, viewer = timezone.now(), viewer_of(request)
        at = min(read_query(HistoryQuery, request.GET).get("at", now), now)
        state = get_state_at(viewer, at)
        recent = list_recent(viewer, until=at, limit=_SHOWN)
        body = {
            **_lists(state),
            "at": at,
            "operations": [{**write_operation(each.operation), "received_at": each.received_at} for each in recent],
        }
        return json_response(body)


class RestoreView(PersonalView):
    """Going back."""

    scopes = {"POST": READ_ALL}

    @extend_schema(
        operation_id="sync_list_restore",
        summary="Undo an operation, or bring lists back to a time",
        request=RestoreBody,
        responses={200: RestoreAnswer, **problems(403, 404)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Write new operations that bring back what was; nothing is lost from the log, so this can be undone too."""
        asked, viewer, now = read_body(RestoreBody, json_body(request)), viewer_of(request), timezone.now()
        if "operation_id" in asked:
            kind = kind_of(get_operation(viewer, asked["operation_id"]).operation.change)
            check_may_write(viewer.principal, [kind])
            written = undo(viewer, asked["operation_id"], now)
        else:
            lists = asked.get("lists", ["watchlist"])
            check_may_write(viewer.principal, [KINDS_OF_LIST[name] for name in lists])
            written = restore(viewer, asked["at"], lists, now)
        return json_response({"operations": list(map(write_operation, written))})


def _lists(state: State) -> dict[str, Any]:
    """Write a state as people think of it."""
    watchlist = [
        {
            "content_id": content_id,
            "added_at": datetime.fromtimestamp(max(stamp_ms(state.additions[tag].stamp) for tag in tags) / 1000, UTC),
        }
        for content_id, tags in state.watchlist().items()
    ]
    progress = [
        {
            "content_id": content_id,
            "session_id": session_id,
            "position_s": register.position_s,
            "duration_s": register.duration_s,
            "state": register.state,
            "is_hidden": state.is_hidden(content_id, register),
        }
        for content_id, (session_id, register) in sorted(
            state.current().items(), key=lambda each: each[1][1].stamp, reverse=True
        )
    ]
    return {
        "watchlist": sorted(watchlist, key=lambda item: item["added_at"], reverse=True),
        "progress": progress,
        "preferences": {key: value for key, (_, value) in sorted(state.preferences.items())},
    }
