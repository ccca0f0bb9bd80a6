"""Search and autocomplete: parse, call, present."""

from datetime import datetime
from hashlib import blake2b
from time import perf_counter
from typing import Any
from uuid import uuid4

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from apps.search import queries
from apps.search.contracts import Answer, Hit
from apps.search.domain.filters import Filters
from apps.search.domain.vocabulary import Sort
from apps.search.http.serializers import AutocompleteQuery, SearchAnswer, SearchBody, SearchQuery, SuggestionList
from apps.search.queries import SearchRequest
from mediagateway.http.bodies import cached_body
from mediagateway.http.conditional import PUBLIC_MAX_AGE_S, dump, public_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body, policy_of
from mediagateway.policy import Policy

#: Request name -> name in `Filters`, where they differ.
_RENAMED = {"kind": "kinds", "max_price": "max_price_minor", "rating_min": "min_rating", "rating_max": "max_rating"}
_QUERY_ONLY = {"q", "query", "sort", "region", "facets", "explain", "limit", "cursor", "filters"}
_EXAMPLE = OpenApiExample(
    "A film by name", value={"query": "the matrix", "filters": {"kind": ["movie"]}, "region": "US"}, request_only=True
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
        suggestions = queries.autocomplete(asked["q"], limit=asked["limit"], policy=policy)
        return public_response(request, dump({"items": suggestions}), max_age_s=PUBLIC_MAX_AGE_S)


def _answer(request: Request, text: str, asked: dict[str, Any], given: dict[str, Any]) -> HttpResponse:
    """Give a page of a result set: written once for each version of the index, then read from the cache."""
    started, now = perf_counter(), timezone.now()
    policy = policy_of(request, region=asked.get("region"))
    # A cursor fits the search it came from and no other; the policy is part of the search.
    search = _digest(text, given, asked["sort"], policy)
    version, offset = decode_cursor(f"search:{search}", asked["cursor"]) or ("", 0)
    page = (queries.check_version(version), search, offset, asked["limit"], asked["facets"], asked["explain"])

    def build() -> tuple[dict[str, Any], datetime | None]:
        answer = queries.search(
            SearchRequest(
                text,
                Filters(**{_RENAMED.get(name, name): _frozen(value) for name, value in given.items()}),
                sort=Sort(asked["sort"]),
                offset=offset,
                limit=asked["limit"],
                with_facets=asked["facets"],
            ),
            policy=policy,
            now=now,
        )
        after = offset + asked["limit"]
        cursor = encode_cursor(f"search:{search}", (answer.version, after)) if after < answer.total else None
        hits = [_hit(hit, explain=asked["explain"]) for hit in answer.hits]
        return {**page_body(hits, cursor), **_about(answer, given)}, answer.changes_at

    body = cached_body(":".join(map(str, ("search", *page))), build, now=now)
    took_ms = (perf_counter() - started) * 1000
    # Each answer is a search of its own, even where its page is not: the two members are written into the body's end.
    own = f',"query_id":"{uuid4()}","took_ms":{took_ms:.2f}}}'
    response = HttpResponse(body[:-1] + own.encode(), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    if request.method == "GET" and (cursor := orjson.loads(body)["next_cursor"]):
        response["Link"] = next_link(_plain(request), cursor)
    return response


def _digest(text: str, given: dict[str, Any], sort: str, policy: Policy) -> str:
    """Name a search: equal in every process, so sets are written in one order."""
    content = orjson.dumps([text, given, sort, policy], default=sorted, option=orjson.OPT_SORT_KEYS)
    return blake2b(content, digest_size=16).hexdigest()


def _hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    """Write a result: the title's summary with its score and reasons beside."""
    summary = {name: getattr(hit.title, name) for name in hit.title.__slots__}
    return {**summary, "score": hit.score, "match_reasons": hit.reasons if explain else ()}


def _about(answer: Answer, given: dict[str, Any]) -> dict[str, Any]:
    """Write what holds for the whole result set."""
    return {
        "total": answer.total,
        "facets": answer.facets,
        "parsed": {"hard": given, "soft": {}, "references": [], "relaxed": answer.relaxed},
    }


def _frozen(value: Any) -> Any:
    """Make lists hashable."""
    return tuple(value) if isinstance(value, list) else value


def _plain(request: Request) -> HttpRequest:
    """Give Django's own request."""
    return request._request  # noqa: SLF001 -- DRF's documented wrapper has no public name for it
