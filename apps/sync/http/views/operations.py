"""Operations in, one at a time or in batches, and what somebody else wrote out."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.sync.contracts import OperationAnswer, PlayState, ProgressDraft
from apps.sync.domain.changes import Kind, Operation
from apps.sync.domain.digests import compute_digest
from apps.sync.domain.wire import read_operation, write_operation, write_state
from apps.sync.http.scopes import check_may_write
from apps.sync.http.serializers.answers import DeltaAnswer, PreferenceChangeAnswer, ProgressShape, WatchlistChangeAnswer
from apps.sync.http.serializers.requests import (
    DeltaBody,
    PreferenceOperationBody,
    ProgressOperationBody,
    WatchlistOperationBody,
)
from apps.sync.http.views.base import READ_ALL, PersonalView, viewer_of
from apps.sync.queries.log import get_missing
from apps.sync.services.delta import NOT_TAKEN, receive
from apps.sync.services.lists import add_to_watchlist, record_progress, remove_from_watchlist
from apps.sync.services.preferences import set_preference
from mediagateway.http.conditional import json_response
from mediagateway.http.idempotency import idempotent
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import json_body


class WatchlistOperationView(PersonalView):
    """One change of the watchlist, by a client that keeps no log of its own."""

    scopes = {"POST": frozenset({"write:watchlist"})}

    @extend_schema(
        operation_id="sync_watchlist_change",
        summary="Put a title on the watchlist, or take it off",
        request=WatchlistOperationBody,
        responses={200: WatchlistChangeAnswer, **problems(403, 404, 409)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Change the watchlist now, on all devices; adding what is there changes nothing."""
        asked, viewer = read_body(WatchlistOperationBody, json_body(request)), viewer_of(request)
        is_added = asked["operation"] == "add"
        if is_added:
            item = add_to_watchlist(viewer, asked["content_id"], timezone.now())
            content_id, operation_id = item.content_id, item.operation_id
        else:
            content_id = asked["content_id"]
            operation_id = remove_from_watchlist(viewer, content_id, timezone.now())
        return json_response({"content_id": content_id, "is_on_watchlist": is_added, "operation_id": operation_id})


class ProgressOperationView(PersonalView):
    """One position, by a client that keeps no log of its own."""

    scopes = {"POST": frozenset({"write:history"})}

    @extend_schema(
        operation_id="sync_progress_record",
        summary="Record where somebody is in a title",
        request=ProgressOperationBody,
        responses={200: ProgressShape, **problems(403, 404)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Record a position; the answer is where the title stands then, by the session that began last."""
        asked = read_body(ProgressOperationBody, json_body(request))
        draft = ProgressDraft(
            content_id=asked["content_id"],
            session_id=asked.get("session_id"),
            position_s=asked["position_s"],
            duration_s=asked["duration_s"],
            state=PlayState(asked["state"]),
            device_id=asked.get("device_id"),
        )
        return json_response(record_progress(viewer_of(request), draft, timezone.now()))


class PreferenceOperationView(PersonalView):
    """One preference, by a client that keeps no log of its own."""

    scopes = {"POST": frozenset({"write:preferences"})}

    @extend_schema(
        operation_id="sync_preference_set",
        summary="Set a preference on all devices",
        request=PreferenceOperationBody,
        responses={200: PreferenceChangeAnswer, **problems(403)},
    )
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        """Set one preference now."""
        asked = read_body(PreferenceOperationBody, json_body(request))
        operation_id, stamp = set_preference(viewer_of(request), asked["key"], asked["value"], timezone.now())
        return json_response({**asked, "stamp": stamp, "operation_id": operation_id})


class DeltaView(PersonalView):
    """The way of devices that work offline."""

    scopes = {"POST": READ_ALL}

    @extend_schema(
        operation_id="sync_delta_exchange",
        summary="Send operations, receive what is missing",
        request=DeltaBody,
        responses={200: DeltaAnswer, **problems(403, 404)},
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Take up to 1,000 operations, answer each, and give everything that the version vector does not know.

        Sending a batch again does no harm. Each kind of operation needs the scope that writes what it changes.
        """
        asked, viewer = read_body(DeltaBody, json_body(request)), viewer_of(request)
        check_may_write(viewer.principal, (Kind(each["type"]) for each in asked["operations"]))
        now, known = timezone.now(), dict(asked["version"])
        answers: tuple[OperationAnswer, ...] = ()
        if asked["operations"]:
            origin = str(asked["device_id"])
            operations = [read_operation(each, origin=origin) for each in asked["operations"]]
            answers = receive(viewer, asked["device_id"], operations, now=now)
            known[origin] = _advance(known.get(origin, 0), operations, answers)
        missing = get_missing(viewer, known)
        body: dict[str, Any] = {
            "answers": answers,
            "operations": None if missing.operations is None else list(map(write_operation, missing.operations)),
            "state": write_state(missing.state) if missing.operations is None else None,
            "version": missing.at.vector,
            "position": missing.at.position,
            "digest": compute_digest(missing.state),
            "server_time": now,
        }
        return json_response(body)


def _advance(known: int, operations: Sequence[Operation], answers: Sequence[OperationAnswer]) -> int:
    """Say up to which of its own operations a device knows what became of them: it need not be sent those."""
    settled = {
        operation.seq for operation, answer in zip(operations, answers, strict=True) if answer.reason not in NOT_TAKEN
    }
    while known + 1 in settled:
        known += 1
    return known
