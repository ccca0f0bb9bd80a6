"""Examples of sync's operations."""

from datetime import timedelta

from django.utils import timezone

from mediagateway.testing.matrix import Example

_TV = {"kind": "tv", "platform": "tizen", "name": "Living room", "capabilities": {"remote_controllable": True}}


def _device(home):
    return {"device_id": home.post("sync/devices", _TV)["id"]}


def _commanded(home):
    device = _device(home)
    command = home.post(f"sync/devices/{device['device_id']}/commands", {"type": "pause"})
    return {**device, "command_id": command["id"]}


def _handoff(home):
    return {"target_device_id": _device(home)["device_id"], "content_id": home.title}


def _listed(home):
    home.post("user/watchlist", {"content_id": str(home.title)})
    return {"content_id": home.title}


def _title(home):
    return {"content_id": home.title}


def _addition(home):
    return {"operation": "add", "content_id": home.title}


def _progress(home):
    return {"content_id": home.title, "position_s": 5, "duration_s": 9, "state": "paused"}


def _undo(home):
    """What it takes to take back the household's last operation."""
    _listed(home)
    return {"at": timezone.now() - timedelta(minutes=1)}


EXAMPLES = {
    "sync_watchlist_list": Example(given=_listed),
    "sync_watchlist_add": Example(body=_title, is_shared=True, reads=(("user/watchlist", {"content_id": "{hidden}"}),)),
    "sync_watchlist_remove": Example(_listed, is_shared=True, others=404, child=404),
    "sync_watchlist_change": Example(
        body=_addition, is_shared=True, reads=(("sync/watchlist", {"operation": "add", "content_id": "{hidden}"}),)
    ),
    "sync_progress_record": Example(
        body=_progress,
        is_shared=True,
        reads=(("sync/progress", {"content_id": "{hidden}", "position_s": 5, "duration_s": 9, "state": "paused"}),),
    ),
    "sync_preference_set": Example(body={"key": "subtitles_enabled", "value": True}),
    "sync_delta_exchange": Example(body={"version": {}, "operations": []}),
    # The clock stands in the answer.
    "sync_state_get": Example(given=_listed, others=200),
    "sync_history_get": Example(query="at=2026-01-01T00:00:00Z", given=_listed),
    "sync_list_restore": Example(body=_undo, is_shared=True),
    "sync_device_list": Example(given=_device),
    "sync_device_register": Example(body=_TV),
    "sync_device_get": Example(_device, child=404),
    "sync_device_update": Example(_device, body={"name": "Den"}, child=404),
    "sync_device_remove": Example(_device, child=404),
    "sync_device_heartbeat": Example(_device, body={"activity": "idle"}, child=404),
    "sync_device_handoff": Example(body=_handoff, others=404, child=404),
    "sync_command_list": Example(_device, child=404),
    "sync_command_send": Example(_device, body={"type": "pause"}, child=404),
    "sync_command_get": Example(_commanded, child=404),
    "sync_command_acknowledge": Example(_commanded, body={"status": "received"}, child=404),
    "sync_ticket_issue": Example(body={}),
    "sync_event_stream": Example(always=421),
    "sync_socket_open": Example(always=421),
}
