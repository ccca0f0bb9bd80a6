"""Recommendations, similar titles, and how one title suits somebody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from apps.sona.contracts import Company, Context, DayPart, Device, Mood, RecommendationRequest, ScoredTitle
from apps.sona.http.serializers import (
    RecommendationBody,
    RecommendationList,
    RecommendationQuery,
    ScoreBody,
    SimilarBody,
    SimilarQuery,
    SimilarTitleList,
)
from apps.sona.queries.recommendations import recommend, score_title
from apps.sona.queries.similar import list_similar
from apps.sona.services.experiments import expose
from apps.user.api import get_viewer
from mediagateway.http.conditional import dump, json_response, public_response
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body, policy_of

READ = frozenset({"read:recommendations"})
_EXAMPLE = OpenApiExample(
    "A quiet evening",
    value={"context": {"mood": "relaxed", "minutes": 100, "viewing_with": "partner"}, "limit": 10},
    request_only=True,
)


class RecommendationView(ApiView):
    """What to watch."""

    permission_classes = [Scoped]
    scopes = READ

    @extend_schema(
        operation_id="sona_recommendations_list",
        summary="Recommend titles",
        parameters=[RecommendationQuery],
        responses={200: RecommendationList, **problems(400, 403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Recommend by query parameters: what a link can hold."""
        asked = read_query(RecommendationQuery, request.GET)
        return _recommend(request, asked, asked)

    @extend_schema(
        operation_id="sona_recommendations_query",
        summary="Recommend titles",
        request=RecommendationBody,
        responses={200: RecommendationList, **problems(400, 403)},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Recommend titles for the person whom the token speaks for, best first.

        Policy, dismissals, region and what is known already are settled before anything is ranked. A reason "because
        you watched" was tried: without that title the recommendation would not be here.
        """
        asked = read_body(RecommendationBody, json_body(request))
        return _recommend(request, asked, asked.get("context", {}))


class SimilarView(ApiView):
    """Titles like another one, for a person."""

    permission_classes = [Scoped]
    scopes = READ

    @extend_schema(
        operation_id="sona_similar_list",
        summary="Find similar titles",
        request=SimilarBody,
        responses={200: SimilarTitleList, **problems(400, 403, 404)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Find the titles most like one: by what they are, and by who likes both."""
        asked = read_body(SimilarBody, json_body(request))
        viewer = get_viewer(require_principal(request), region=asked.get("region"))
        found = list_similar(asked["content_id"], policy=viewer.policy, limit=asked["limit"], now=timezone.now())
        return json_response({"items": found})


class ContentSimilarView(ApiView):
    """Titles like another one, for anybody."""

    @extend_schema(
        operation_id="content_similar_list",
        summary="List similar titles",
        parameters=[SimilarQuery],
        responses={200: SimilarTitleList, **problems(400, 404)},
        tags=["content"],
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """List the titles most like one: by what they are, and by who likes both."""
        asked = read_query(SimilarQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        found = list_similar(title_id, policy=policy, limit=asked["limit"], now=timezone.now())
        return public_response(request, dump({"items": found}))


class ScoreView(ApiView):
    """How one title suits somebody."""

    permission_classes = [Scoped]
    scopes = READ

    @extend_schema(
        operation_id="sona_title_score",
        summary="Score a title for a person",
        request=ScoreBody,
        responses={200: shape_of(ScoredTitle), **problems(400, 403, 404)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Say how well a title suits the person: the share of all they may see that suits them no better."""
        asked = read_body(ScoreBody, json_body(request))
        viewer = get_viewer(require_principal(request), region=asked.get("region"))
        return json_response(score_title(viewer, asked["content_id"], now=timezone.now()))


def _recommend(request: Request, asked: Mapping[str, Any], moment: Mapping[str, Any]) -> HttpResponse:
    now = timezone.now()
    viewer = get_viewer(require_principal(request), region=asked.get("region"))
    shown = expose(viewer, now=now)
    variant, told = shown if shown is not None else (None, None)
    wishes = RecommendationRequest(
        context=Context(
            mood=Mood(moment["mood"]) if "mood" in moment else None,
            day_part=DayPart(moment["time_of_day"]) if "time_of_day" in moment else None,
            device=Device(moment["device"]) if "device" in moment else None,
            minutes=moment.get("minutes"),
            company=Company(moment["viewing_with"]) if "viewing_with" in moment else None,
        ),
        limit=asked["limit"],
        exclude_watched=asked["exclude_watched"],
        diversity=asked.get("diversity"),
        my_services=asked["my_services"],
        available=asked["available"],
        kinds=frozenset(asked.get("kind", ())),
    )
    return json_response(recommend(viewer, wishes, variant=variant, shown=told, now=now))
