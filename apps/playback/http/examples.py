"""Examples for the OpenAPI document: somebody watches an episode, stops, and goes on elsewhere."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

CONTENT_ID = "a988a8f4-87be-4329-b8a1-a17fb4b3eced"
SESSION_ID = "0b0f8a53-5f0e-4a52-8a5e-5d0a6e2f7c11"
DEVICE_ID = "3f4f5d52-9a41-4c5e-93ad-0d6f6a0c1b77"

TITLE: dict[str, Any] = {
    "id": CONTENT_ID,
    "kind": "movie",
    "title": "Night of the Living Dead",
    "original_title": None,
    "part_of": None,
    "release_year": 1968,
    "end_year": None,
    "runtime_minutes": 96,
    "season_count": None,
    "genres": ["horror"],
    "synopsis": "Strangers barricade themselves in a farmhouse.",
    "certificate": None,
    "min_age": None,
    "rating": None,
    "popularity": 0.4,
    "best_offer": {
        "platform": "internet_archive",
        "platform_name": "Internet Archive",
        "type": "free",
        "price": None,
    },
}
_SESSION: dict[str, Any] = {
    "id": SESSION_ID,
    "content_id": CONTENT_ID,
    "device_id": DEVICE_ID,
    "platform": "netflix",
    "state": "playing",
    "position_s": 1320,
    "duration_s": 3300,
    "completion_ratio": 0.4,
    "is_live": True,
    "started_at": "2026-11-25T20:00:00Z",
    "updated_at": "2026-11-25T20:22:00Z",
}
_LINK: dict[str, Any] = {
    "offer_id": "5f0e6d0c-8c43-4f0e-9e35-3b1f3c3f5a10",
    "platform": "netflix",
    "platform_name": "Netflix",
    "type": "subscription",
    "quality": "unknown",
    "price": None,
    "is_subscribed": True,
    "valid_until": None,
    "link_kind": "title",
    "app_link": "nflx://www.netflix.com/title/80057281",
    "universal_link": "https://www.netflix.com/title/80057281",
    "web_fallback": "https://www.netflix.com/title/80057281",
    "launch_path": None,
}


def _answer(name: str, value: object, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


START = OpenApiExample(
    "On a television",
    value={"content_id": CONTENT_ID, "device_id": DEVICE_ID, "platform": "netflix", "duration_s": 3300},
    request_only=True,
)
STARTED = _answer(
    "Going on at 22 minutes", {"session": _SESSION, "resume_position_s": 1320, "heartbeat_interval_s": 30}, "201"
)
SESSION = _answer("A session", _SESSION)
SESSION_PAGE = _answer("One session", {"items": [_SESSION], "next_cursor": None, "has_more": False})
POSITION = OpenApiExample(
    "Paused at 22 minutes",
    value={"position_s": 1320, "state": "paused", "observed_at": "2026-11-25T20:22:00Z"},
    request_only=True,
)
SETTLED = _answer("Taken over", {"outcome": "applied", "session": {**_SESSION, "state": "paused"}})
DEEP_LINK = OpenApiExample("On an iPhone", value={"content_id": CONTENT_ID, "device": "ios"}, request_only=True)
LINKS = _answer(
    "The household has the service",
    {"content_id": CONTENT_ID, "device": "ios", "resume_position_s": 1320, "best": _LINK, "alternatives": []},
)

CONTINUE_PAGE = _answer(
    "A film left in the middle",
    {
        "items": [
            {
                "title": TITLE,
                "reason": "unfinished",
                "position_s": 2400,
                "resume_position_s": 2400,
                "duration_s": 6000,
                "completion_ratio": 0.4,
                "last_watched_at": "2026-11-25T20:22:00Z",
            }
        ],
        "next_cursor": None,
        "has_more": False,
    },
)
PROGRESS = OpenApiExample(
    "40 % of a film",
    value={"content_id": CONTENT_ID, "position_s": 2400, "duration_s": 6000, "state": "paused"},
    request_only=True,
)
PROGRESS_TAKEN = _answer(
    "Taken over",
    {
        "outcome": "applied",
        "content_id": CONTENT_ID,
        "position_s": 2400,
        "duration_s": 6000,
        "resume_position_s": 2400,
        "completion_ratio": 0.4,
        "is_completed": False,
        "updated_at": "2026-11-25T20:22:00Z",
    },
)
CONTROL = OpenApiExample("Pause the television", value={"device_id": DEVICE_ID, "command": "pause"}, request_only=True)
