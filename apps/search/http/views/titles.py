"""Search and autocomplete: parse, call, present."""

from datetime import datetime
from hashlib import blake2b
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from apps.search.contracts import Answer, Hit
from apps.search.domain.query_log import AskedQuery, Surface
from apps.search.domain.understanding.chips import ChipKind, State, Strength
from apps.search.domain.vocabulary import Sort
from apps.search.http.serializers import (
    AutocompleteQuery,
    SearchAnswer,
    SearchBody,
    SearchQuery,
    SimilarList,
    SimilarQuery,
    SuggestionList,
)
from apps.search.queries.completing import autocomplete
from apps.search.queries.index import check_version
from apps.search.queries.rankings import get_ranking_of
from apps.search.queries.searching import SearchRequest, filters_of, search
from apps.search.queries.similar import list_similar
from apps.search.services.query_log import query_log
from mediagateway.http.bodies import cached_body
from mediagateway.http.conditional import PUBLIC_MAX_AGE_S, dump, public_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.permissions import principal_of
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body, policy_of
from mediagateway.limits.subjects import subject_of

_QUERY_ONLY = {"q", "query", "sort", "region", "facets", "explain", "limit", "cursor", "filters", "without"}
_EXAMPLE = OpenApiExample(
    "A film by name", value={"query": "the matrix", "filters": {"kind": ["movie"]}, "region": "US"}, request_only=True
)
_STORY_EXAMPLE = OpenApiExample(
    "A plot", value={"query": "a weatherman lives the same day over and over", "region": "US"}, request_only=True
)


class SearchView(ApiView):
    """Search in plain language."""

    @extend_schema(
        operation_id="search_titles_find",
        summary="Search titles",
        parameters=[SearchQuery],
        responses={200: SearchAnswer, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Search by query parameters: what a link can hold."""
        asked = read_query(SearchQuery, request.GET)
        given = {name: value for name, value in asked.items() if name not in _QUERY_ONLY and name in request.GET}
        return _answer(request, asked["q"], asked, given)

    @extend_schema(
        operation_id="search_titles_query",
        summary="Search titles",
        request=SearchBody,
        responses={200: SearchAnswer, **problems(400)},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        """Search by a body: what an app or an agent sends."""
        asked = read_body(SearchBody, json_body(request))
        return _answer(request, asked["query"], asked, dict(asked.get("filters", {})))


class SemanticView(ApiView):
    """Search by telling."""

    @extend_schema(
        operation_id="search_stories_query",
        summary="Search by telling what it is about",
        request=SearchBody,
        responses={200: SearchAnswer, **problems(400)},
        examples=[_STORY_EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        """Search by meaning first: the text is told, and no title has to bear its words."""
        asked = read_body(SearchBody, json_body(request))
        return _answer(request, asked["query"], asked, dict(asked.get("filters", {})), by_meaning=True)


class SimilarView(ApiView):
    """Titles like a title."""

    @extend_schema(
        operation_id="search_similar_list",
        summary="List titles like a title",
        parameters=[SimilarQuery],
        responses={200: SimilarList, **problems(400, 404)},
    )
    def get(self, request: Request, title_id: UUID) -> HttpResponse:
        """List what is most like it: what it is about, its genres, its people. Empty while there are no vectors."""
        asked = read_query(SimilarQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        hits = list_similar(title_id, limit=asked["limit"], policy=policy, now=timezone.now())
        body = dump({"items": [_hit(hit, explain=True) for hit in hits]})
        return public_response(request, body, max_age_s=PUBLIC_MAX_AGE_S)


class AutocompleteView(ApiView):
    """Completions while somebody types."""

    @extend_schema(
        operation_id="search_suggestions_list",
        summary="Complete what is being typed",
        parameters=[AutocompleteQuery],
        responses={200: SuggestionList, **problems(400)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Suggest titles, people, genres and platforms; case, accents and small slips do not matter."""
        asked = read_query(AutocompleteQuery, request.GET)
        policy = policy_of(request, region=asked.get("region"))
        suggestions = autocomplete(asked["q"], limit=asked["limit"], policy=policy)
        return public_response(request, dump({"items": suggestions}), max_age_s=PUBLIC_MAX_AGE_S)


def _answer(
    request: Request, text: str, asked: dict[str, Any], given: dict[str, Any], *, by_meaning: bool = False
) -> HttpResponse:
    """Give a page of a result set: written once for each version of the index, then read from the cache."""
    started, now = perf_counter(), timezone.now()
    policy = policy_of(request, region=asked.get("region"))
    # A cursor fits the search it came from and no other; the policy is part of the search.
    kind = f"search:{_digest(text, given, asked['sort'], sorted(asked['without']), by_meaning, policy)}"
    version, offset = decode_cursor(kind, asked["cursor"]) or ("", 0)
    standing = check_version(version)
    ranking = get_ranking_of(subject_of(principal_of(request), _plain(request)), standing)
    page = (standing, ranking.variant, kind, offset, asked["limit"], asked["facets"], asked["explain"])

    def build() -> tuple[dict[str, Any], datetime | None]:
        answer = search(
            SearchRequest(
                text,
                filters_of(given),
                without=frozenset(asked["without"]),
                by_meaning=by_meaning,
                sort=Sort(asked["sort"]),
                offset=offset,
                limit=asked["limit"],
                with_facets=asked["facets"],
                with_reasons=asked["explain"],
            ),
            policy=policy,
            now=now,
            weights=ranking.weights,
        )
        after = offset + asked["limit"]
        cursor = encode_cursor(kind, (f"{answer.version}{standing.tag}", after)) if after < answer.total else None
        hits = [_hit(hit, explain=asked["explain"]) for hit in answer.hits]
        return {**page_body(hits, cursor), **_about(answer, given)}, answer.changes_at

    body = cached_body(":".join(map(str, page)), build, now=now)
    query_id, took_ms = uuid4(), (perf_counter() - started) * 1000
    # Each answer is a search of its own, even where its page is not: the two members are written into the body's end.
    own = f',"query_id":"{query_id}","took_ms":{took_ms:.2f}}}'
    response = HttpResponse(body[:-1] + own.encode(), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    written = orjson.loads(body)
    if request.method == "GET" and written["next_cursor"]:
        response["Link"] = next_link(_plain(request), written["next_cursor"])
    principal = principal_of(request)
    query_log.note(
        AskedQuery(
            query_id=query_id,
            asked_at=now,
            account_id=principal.account_id if principal else None,
            profile_id=principal.profile_id if principal else None,
            is_observed=principal is not None and principal.actor_id is not None,
            surface=Surface.STORIES if by_meaning else Surface.TITLES,
            text=text,
            filters=tuple(sorted(given)),
            region=policy.region,
            offset=offset,
            total=written["total"],
            is_relaxed=bool(written["parsed"]["relaxed"]),
            is_degraded=written["degraded"],
            took_ms=took_ms,
            ranking_version=ranking.version,
            variant=ranking.variant,
        )
    )
    return response


def _digest(*asked: Any) -> str:
    """Name a search: equal in every process, so sets are written in one order."""
    content = orjson.dumps(asked, default=sorted, option=orjson.OPT_SORT_KEYS)
    return blake2b(content, digest_size=16).hexdigest()


def _hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    """Write a result: the title's summary with its score and reasons beside."""
    summary = {name: getattr(hit.title, name) for name in hit.title.__slots__}
    return {**summary, "score": hit.score, "match_reasons": hit.reasons if explain else ()}


def _about(answer: Answer, given: dict[str, Any]) -> dict[str, Any]:
    """Write what holds for the whole result set."""
    soft: dict[str, list[str]] = {}
    for chip in answer.chips:
        if chip.strength is Strength.SOFT and chip.state is State.APPLIED and chip.kind is not ChipKind.SPELLING:
            soft.setdefault(str(chip.kind), []).append(chip.label)
    return {
        "total": answer.total,
        "facets": answer.facets,
        "parsed": {
            "hard": given,
            "soft": soft,
            "references": answer.references,
            "relaxed": answer.relaxed,
            "chips": answer.chips,
        },
        "degraded": answer.is_degraded,
    }


def _plain(request: Request) -> HttpRequest:
    """Give Django's own request."""
    return request._request  # noqa: SLF001 -- DRF's documented wrapper has no public name for it
