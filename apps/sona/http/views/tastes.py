"""What somebody says of titles, and what the engine believes of them."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from apps.sona.contracts import Scope, TasteProfile
from apps.sona.http.serializers import FeedbackAnswer, FeedbackBody
from apps.sona.queries.recommendations import get_taste
from apps.sona.services import feedback
from apps.user.api import get_viewer
from mediagateway.http.conditional import json_response
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body

READ, WRITE = frozenset({"read:recommendations"}), frozenset({"write:recommendations"})
#: What another app keeps needs that app's scope too.
_ELSEWHERE = {"rated": frozenset({"write:ratings"}), "added": frozenset({"write:watchlist"})}
_EXAMPLES = [
    OpenApiExample(
        "Not this genre, for a month",
        value={"type": "dismissed", "scope": "genre", "genre": "horror", "days": 30},
        request_only=True,
    ),
    OpenApiExample(
        "Seen at a friend's",
        value={"type": "watched", "content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11"},
        request_only=True,
    ),
]


class FeedbackView(ApiView):
    """What somebody says of titles."""

    permission_classes = [Scoped]
    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="sona_feedback_record",
        summary="Tell the recommender",
        request=FeedbackBody,
        responses={201: FeedbackAnswer, **problems(400, 403, 404, 409)},
        examples=_EXAMPLES,
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Take in that a title was watched, rated, added or dismissed; it counts in the very next answer.

        A rating needs `write:ratings` too and an addition `write:watchlist`: they are the same rows as there.
        """
        said = read_body(FeedbackBody, json_body(request))
        principal, now = require_principal(request), timezone.now()
        wanted = _ELSEWHERE.get(said["type"], frozenset())
        if not principal.has_scopes(wanted):
            raise InsufficientScopeError(wanted)
        viewer = get_viewer(principal)
        if said["type"] == "watched":
            ratio = said.get("completion_ratio", 1.0)
            feedback.record_watched(viewer, said["content_id"], completion_ratio=ratio, now=now)
        elif said["type"] == "rated":
            feedback.record_rating(viewer, said["content_id"], score=said["score"], now=now)
        elif said["type"] == "added":
            feedback.record_addition(viewer, said["content_id"], now=now)
        else:
            scope = Scope(said.get("scope", Scope.TITLE.value))
            key = said.get("genre") or str(said.get("person_id") or said.get("content_id"))
            if said["type"] == "dismissed":
                feedback.record_dismissal(viewer, scope, key, days=said.get("days"), now=now)
            else:
                feedback.withdraw(viewer, scope, key)
        return json_response({"type": said["type"], "recorded_at": now}, status=201)


class TasteView(ApiView):
    """What the engine believes of somebody."""

    permission_classes = [Scoped]
    scopes = {"GET": READ, "DELETE": WRITE}

    @extend_schema(
        operation_id="sona_profile_get",
        summary="See what is believed of you",
        responses={200: shape_of(TasteProfile), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Say which titles speak for the person's taste and how much, their genres, and what they dismissed."""
        viewer = get_viewer(require_principal(request))
        return json_response(get_taste(viewer, now=timezone.now()))

    @extend_schema(operation_id="sona_profile_delete", summary="Be forgotten", responses={204: None, **problems(403)})
    def delete(self, request: Request) -> HttpResponse:
        """Forget the person: nothing from before speaks for their taste again. Ratings and history stay theirs."""
        viewer = get_viewer(require_principal(request))
        feedback.forget(viewer, now=timezone.now())
        return HttpResponse(status=204)
