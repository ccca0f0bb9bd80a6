"""Asking again for one thing that has not changed."""

import pytest

from apps.content.tests.factories import TitleFactory

pytestmark = pytest.mark.django_db

TV = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True}}


@pytest.fixture
def paths(api):
    """Something of every kind that is read by itself, and how each is changed."""
    film = str(TitleFactory.create().id)
    tv = api.post("sync/devices", TV).json()["id"]
    command = api.post(f"sync/devices/{tv}/commands", {"type": "pause"}).json()["id"]
    session = api.post("playback/sessions", {"content_id": film, "duration_s": 6000}).json()["session"]["id"]
    position = f"playback/sessions/{session}/position"
    api.patch(position, {"position_s": 100})
    return {
        f"sync/devices/{tv}": lambda: api.patch(f"sync/devices/{tv}", {"name": "Den"}),
        f"sync/devices/{tv}/commands/{command}": lambda: api.post(
            f"sync/devices/{tv}/commands/{command}", {"status": "received"}
        ),
        f"playback/sessions/{session}": lambda: api.patch(position, {"position_s": 200}),
        f"user/history/{film}": lambda: api.patch(position, {"position_s": 300}),
    }


def test_what_has_not_changed_is_not_sent_again(api, paths):
    for path, change in paths.items():
        etag = api.get(path)["ETag"]

        same = api.get(path, headers={"If-None-Match": etag})
        assert (same.status_code, same.content, same["Cache-Control"]) == (304, b"", "private, no-store"), path

        assert change().status_code == 200
        changed = api.get(path, headers={"If-None-Match": etag})
        assert changed.status_code == 200, path
        assert changed["ETag"] != etag
