"""Examples for the OpenAPI document; a test sends every request, and holds every answer to its schema."""

from dataclasses import asdict

from drf_spectacular.utils import OpenApiExample

from apps.search.domain.weights import DEFAULT_WEIGHTS

CLICK = OpenApiExample(
    "The second result",
    value={
        "query_id": "6f1c2a52-0a0e-4f0c-9a53-6f3c0f4a7d11",
        "content_id": "5f5fd6b2-32bb-4b04-8d4f-3ac1ef3a1c52",
        "position": 2,
    },
    request_only=True,
)
REPORT = OpenApiExample(
    "A quiet day",
    value={
        "since": "2026-11-24T12:00:00Z",
        "until": "2026-11-25T12:00:00Z",
        "totals": {
            "searches": 4,
            "searchers_by_day": 2,
            "zero_results": 1,
            "zero_result_ratio": 0.25,
            "clicked": 2,
            "click_through_ratio": 0.5,
            "mean_click_position": 1.5,
            "mean_ms": 9.4,
            "p50_ms": 7.9,
            "p95_ms": 18.2,
            "unlogged_searches": 1,
            "unlogged_zero_results": 0,
            "unlogged_clicks": 1,
        },
        "top_queries": [
            {"text": "the general", "searches": 3, "zero_results": 0, "clicked": 2, "click_through_ratio": 0.6667}
        ],
        "zero_result_queries": [{"text": "metropolis 2099", "searches": 1, "last_asked_at": "2026-11-25T09:30:00Z"}],
        "rankings": [{"ranking_version": 0, "variant": "", "searches": 4, "clicked": 2, "click_through_ratio": 0.5}],
    },
    response_only=True,
    status_codes=["200"],
)
RANKING = OpenApiExample(
    "Popularity counts less",
    value={"weights": {"popularity": 0.2}, "description": "Well-known titles drown new ones."},
    request_only=True,
)
VARIANT = OpenApiExample(
    "Meaning counts more for a tenth",
    value={"weights": {"meaning": 1.6}, "traffic_percentage": 10},
    request_only=True,
)
ACTIVE_RANKING = OpenApiExample(
    "The weights in code",
    value={
        "ranking": {
            "version": 0,
            "weights": asdict(DEFAULT_WEIGHTS),
            "description": "The weights in code.",
            "created_at": None,
            "created_by": None,
        },
        "changed_at": None,
        "variants": [],
    },
    response_only=True,
    status_codes=["200"],
)
SAVED_SEARCH = OpenApiExample(
    "Horror from Japan on what we have",
    value={
        "name": "Japanese horror",
        "query": "horror",
        "filters": {"genres": ["horror"], "countries": ["JP"], "my_services": True},
    },
    request_only=True,
)
SAVED_SEARCH_CHANGE = OpenApiExample("Quiet", value={"notify": False}, request_only=True)
