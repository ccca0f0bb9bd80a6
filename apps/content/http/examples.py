"""Examples for the OpenAPI document: a real title of the starter catalogue."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ID = "a988a8f4-87be-4329-b8a1-a17fb4b3eced"

_SUMMARY: dict[str, Any] = {
    "id": _ID,
    "kind": "series",
    "title": "Stranger Things",
    "original_title": None,
    "part_of": None,
    "release_year": 2016,
    "end_year": 2025,
    "runtime_minutes": 55,
    "season_count": 5,
    "genres": ["drama", "horror", "science_fiction", "mystery"],
    "synopsis": "In 1983 Hawkins, Indiana, a boy cycles home from a Dungeons & Dragons game and vanishes.",
    "certificate": "TV-14",
    "min_age": 14,
    "rating": None,
    "popularity": 0.9,
    "best_offer": {"platform": "netflix", "platform_name": "Netflix", "type": "subscription", "price": None},
}

_OFFER: dict[str, Any] = {
    "id": "5f0e6d0c-8c43-4f0e-9e35-3b1f3c3f5a10",
    "content_id": _ID,
    "platform": "netflix",
    "platform_name": "Netflix",
    "region": "US",
    "type": "subscription",
    "price": None,
    "quality": "unknown",
    "audio_languages": [],
    "subtitle_languages": [],
    "valid_from": None,
    "valid_until": None,
    "link_kind": "title",
    "links": {
        "ios": {
            "app_link": "nflx://www.netflix.com/title/80057281",
            "universal_link": "https://www.netflix.com/title/80057281",
            "web_fallback": "https://www.netflix.com/title/80057281",
            "launch_path": None,
        },
        "roku": {
            "app_link": None,
            "universal_link": None,
            "web_fallback": "https://www.netflix.com/title/80057281",
            "launch_path": "/launch/12?contentId=80057281&mediaType=series",
        },
    },
    "source": {"slug": "editorial", "name": "Editors of this catalogue", "attribution": ""},
    "basis": "platform original",
    "confidence": 1.0,
    "first_seen": "2026-11-22T00:00:00Z",
    "last_verified": "2026-11-22T00:00:00Z",
    "known_from": "2026-11-22T00:00:00Z",
    "known_until": None,
}

TITLE_PAGE = OpenApiExample(
    "A page of one title", value={"items": [_SUMMARY], "next_cursor": None, "has_more": False}, response_only=True
)

TITLE = OpenApiExample(
    "A series",
    value={
        **_SUMMARY,
        "release_date": None,
        "original_language": "en",
        "languages": ["en"],
        "countries": ["US"],
        "moods": ["nostalgic", "scary", "exciting"],
        "themes": ["missing child", "parallel dimension", "1980s"],
        "status": "ended",
        "episode_count": 42,
        "names": [],
        "external_ids": [{"scheme": "imdb", "value": "tt4574334"}],
        "certificates": [{"region": "US", "system": "TVPG", "rating": "TV-14", "min_age": 14}],
        "scores": [],
        "provenance": {
            "synopsis": {"source": "editorial", "record": _ID, "as_of": "2026-11-22", "rule": "only source"}
        },
        "version": 3,
        "created_at": "2026-11-22T00:00:00Z",
        "updated_at": "2026-11-22T00:00:00Z",
    },
    response_only=True,
    status_codes=["200"],
)

AVAILABILITY = OpenApiExample(
    "On one platform (links of two devices shown)",
    value={
        "content_id": _ID,
        "region": "US",
        "as_of": None,
        "items": [_OFFER],
        "next_cursor": None,
        "has_more": False,
    },
    response_only=True,
    status_codes=["200"],
)

BATCH = OpenApiExample("One title", value={"ids": [_ID]}, request_only=True)
