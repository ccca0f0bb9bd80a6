"""Examples for the OpenAPI document: a family looks for a film, and a watchlist for its services."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ID = "5f5fd6b2-32bb-4b04-8d4f-3ac1ef3a1c52"
TITLE: dict[str, Any] = {
    "id": _ID,
    "kind": "movie",
    "title": "The General",
    "original_title": None,
    "part_of": None,
    "release_year": 1926,
    "end_year": None,
    "runtime_minutes": 78,
    "season_count": None,
    "genres": ["comedy", "action"],
    "synopsis": "A railwayman follows his stolen locomotive behind the enemy's lines.",
    "certificate": "G",
    "min_age": 0,
    "rating": None,
    "popularity": 0.5,
    "best_offer": {
        "platform": "internet_archive",
        "platform_name": "Internet Archive",
        "type": "free",
        "price": None,
    },
}
_SUGGESTION: dict[str, Any] = {
    "title": TITLE,
    "runtime_minutes": 78,
    "reasons": [
        {"code": "fits_time", "detail": "78 of your 100 minutes."},
        {"code": "free", "detail": "To be watched free on Internet Archive."},
        {"code": "suits_everybody", "detail": "G: for ages 0 and up."},
        {"code": "matches_mood", "detail": "It is funny."},
    ],
    "offer": {
        "offer_id": "0d8b1f5e-0d3e-4a53-9d11-4a4f2c37a0b9",
        "platform": "internet_archive",
        "platform_name": "Internet Archive",
        "type": "free",
        "quality": "unknown",
        "price": None,
        "is_subscribed": False,
        "valid_until": None,
        "link_kind": "title",
        "app_link": None,
        "universal_link": None,
        "web_fallback": "https://archive.org/details/TheGeneral",
        "launch_path": None,
    },
}


def _answer(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


TRENDING = _answer(
    "One title",
    {"basis": "activity", "items": [{**TITLE, "trend_score": 12.5}], "next_cursor": None, "has_more": False},
)
BROWSE = _answer("One title", {"items": [TITLE], "next_cursor": None, "has_more": False})
ROWS = _answer(
    "One row",
    {
        "region": "US",
        "items": [{"id": "free", "title": "Free to watch", "reason": "Free, or with ads, in US.", "items": [TITLE]}],
    },
)
TONIGHT = OpenApiExample(
    "With a child of seven",
    value={"people": [{"age": 7}], "minutes": 100, "mood": "funny", "services": ["netflix"], "device": "web"},
    request_only=True,
)
SUGGESTED = _answer("One answer", {"region": "US", "answer": _SUGGESTION, "backups": [], "mood_matched": True})
PLAN = _answer(
    "One month of one service",
    {
        "region": "US",
        "months": [
            {
                "starts_on": "2026-12-01",
                "ends_on": "2026-12-30",
                "services": [
                    {"platform": "mubi", "platform_name": "MUBI", "price": {"amount": 1000, "currency": "USD"}}
                ],
                "content_ids": [_ID],
                "cost": {"amount": 1000, "currency": "USD"},
            },
            {
                "starts_on": "2026-12-31",
                "ends_on": "2027-01-29",
                "services": [],
                "content_ids": [],
                "cost": {"amount": 0, "currency": "USD"},
            },
        ],
        "service_months": 1,
        "total": {"amount": 1000, "currency": "USD"},
        "baseline": {"amount": 2000, "currency": "USD"},
        "saving": {"amount": 1000, "currency": "USD"},
        "is_exact": True,
        "gap_ratio": 0.0,
        "free": [],
        "not_covered": [],
    },
)
