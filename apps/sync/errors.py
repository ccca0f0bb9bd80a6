"""What synchronised state and devices are refused."""

from mediagateway.errors import ConflictError, InvalidInputError, NotFoundError


class NotOnWatchlistError(NotFoundError):
    """The title is not on this watchlist."""

    code = "not_on_watchlist"


class WatchlistFullError(ConflictError):
    """The watchlist has as many titles as it may have."""

    code = "watchlist_full"


class ProgressNotFoundError(NotFoundError):
    """This profile has not watched this title."""

    code = "progress_not_found"


class InvalidProgressError(InvalidInputError):
    """The position does not lie within the duration."""

    code = "invalid_progress"


class DeviceNotFoundError(NotFoundError):
    """This profile has no such device."""

    code = "device_not_found"


class TooManyDevicesError(ConflictError):
    """The profile has as many devices as it may have, all of them in use; remove one first."""

    code = "too_many_devices"


class DeviceOfflineError(ConflictError):
    """The device has not been heard of for a minute, so it cannot be told anything."""

    code = "device_offline"


class CommandNotSupportedError(ConflictError):
    """The device does not do this."""

    code = "command_not_supported"


class InvalidCommandError(InvalidInputError):
    """The arguments are not those of this command."""

    code = "invalid_command"


class CommandNotFoundError(NotFoundError):
    """No such command was sent to this device lately."""

    code = "command_not_found"


class CommandExpiredError(ConflictError):
    """The command came too late or was answered already."""

    code = "command_expired"


class OperationNotFoundError(NotFoundError):
    """The log of this profile has no such operation, or has it no longer."""

    code = "operation_not_found"


class HistoryGoneError(NotFoundError):
    """The log does not reach back that far."""

    code = "history_gone"
