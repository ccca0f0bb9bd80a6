"""What playback refuses."""

from mediagateway.errors import ConflictError, FieldError, ForbiddenError, InvalidInputError, NotFoundError


class ViewingWindowClosedError(ForbiddenError):
    """A child may not watch at this hour."""

    code = "viewing_window_closed"
    title = "Outside the viewing hours"


class SessionNotFoundError(NotFoundError):
    """The profile has no playback session with this id."""

    code = "session_not_found"


class SessionClosedError(ConflictError):
    """The session is over; what is watched next is another one."""

    code = "session_closed"


class StreamLimitError(ConflictError):
    """The household has as many streams as its tier allows; one must stop before another starts."""

    code = "stream_limit_reached"
    title = "Too many streams"


class WatchNotFoundError(NotFoundError):
    """The title is not in the profile's history."""

    code = "watch_not_found"


class OfferNotFoundError(NotFoundError):
    """The title cannot be watched in this region, or not on this platform."""

    code = "offer_not_found"


class BeyondTheEndError(InvalidInputError):
    """A position behind the end of the title."""

    def __init__(self, position_s: int, duration_s: int) -> None:
        """Name the field and both numbers."""
        detail = f"{position_s} s is beyond the end at {duration_s} s."
        super().__init__("The position lies behind the end.", [FieldError("/position_s", "beyond_the_end", detail)])


class NotBeingWatchedError(NotFoundError):
    """Nothing of the title stands among what is being watched."""

    code = "not_being_watched"
