"""What has to be done now and then, whoever asks for it."""

from datetime import datetime

import structlog

from apps.playback.services.history import forget_old_watches
from apps.playback.services.sessions import end_silent_sessions

_log = structlog.get_logger(__name__)


def sweep(*, now: datetime) -> None:
    """End sessions that nobody has heard of for a day, and forget what is too old for a history."""
    sessions, watches = end_silent_sessions(now=now), forget_old_watches(now=now)
    if sessions or watches:
        _log.info("playback.swept", sessions=sessions, watches=watches)
