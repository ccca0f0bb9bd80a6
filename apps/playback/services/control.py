"""Steering a device of one's own."""

from datetime import datetime
from uuid import UUID

from apps.playback.queries.titles import check_window
from apps.sync import api as sync
from apps.sync.contracts import CommandDraft, CommandRecord, CommandType
from mediagateway.ownership import Viewer

#: What makes a picture move; to stop it is free at any hour.
_STARTS = frozenset({CommandType.PLAY, CommandType.LOAD_CONTENT, CommandType.CAST_TO})


def control(viewer: Viewer, device_id: UUID, draft: CommandDraft, *, now: datetime) -> CommandRecord:
    """
    Ask a device of the same person to do something; `sync.send_command` says what it raises besides.

    Raises:
        ViewingWindowClosedError: It would start something, and not at this hour.
    """
    if draft.type in _STARTS:
        check_window(viewer.policy, now=now)
    return sync.send_command(viewer, device_id, draft, now)
