"""Examples of playback's operations."""

from datetime import UTC, datetime

from apps.playback.models import Watch
from mediagateway.testing.matrix import Example

_TV = {"kind": "tv", "platform": "tizen", "name": "Living room", "capabilities": {"remote_controllable": True}}


def _started(home):
    started = home.post("playback/sessions", {"content_id": str(home.title), "duration_s": 6000})
    return {"session_id": started["session"]["id"]}


def _watched(home):
    _remember(home.owner, home.title, day=1)
    return {"content_id": home.title}


def _begun(home):
    home.post("playback/progress", {"content_id": str(home.title), "position_s": 600, "duration_s": 6000})
    return {"content_id": home.title}


def _watched_as_child(home, ids):
    for day, name in enumerate(("shown", "hidden", "series", "hidden_series"), start=1):
        _remember(home.child, ids[name], day=day)


def _remember(profile, content_id, *, day):
    at = datetime(2026, 11, day, tzinfo=UTC)
    Watch.objects.create(
        profile=profile,
        content_id=content_id,
        series_id=content_id,
        position_s=600,
        duration_s=6000,
        first_watched_at=at,
        last_watched_at=at,
    )


def _title(home):
    return {"content_id": home.title}


EXAMPLES = {
    "playback_link_resolve": Example(
        body=_title,
        is_shared=True,
        reads=tuple(("playback/deep-link", {"content_id": f"{{{name}}}"}) for name in ("shown", "hidden", "alias")),
    ),
    "playback_session_list": Example(given=_started),
    "playback_session_create": Example(
        body=_title,
        is_shared=True,
        reads=tuple(("playback/sessions", {"content_id": f"{{{name}}}"}) for name in ("hidden", "hidden_series")),
    ),
    "playback_session_get": Example(_started, child=404),
    "playback_session_delete": Example(_started, child=404),
    "playback_heartbeat_create": Example(_started, child=404),
    "playback_position_update": Example(_started, body={"position_s": 60}, child=404),
    "playback_continue_list": Example(given=_begun),
    "playback_continue_delete": Example(_begun, is_shared=True, others=404, child=404),
    "playback_command_send": Example(
        body=lambda home: {"device_id": home.post("sync/devices", _TV)["id"], "command": "pause"}, child=404
    ),
    "playback_progress_record": Example(
        body=lambda home: {"content_id": home.title, "position_s": 5, "duration_s": 60}, is_shared=True
    ),
    "playback_history_list": Example(
        given=_watched, reads=("user/history", "user/history?limit=1"), seed=_watched_as_child
    ),
    "playback_history_delete": Example(given=_watched),
    "playback_watch_get": Example(
        _watched, child=404, reads=tuple(f"user/history/{{{name}}}" for name in ("shown", "hidden", "hidden_series"))
    ),
    "playback_watch_delete": Example(_watched, child=404),
}
