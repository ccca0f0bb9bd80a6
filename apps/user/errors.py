"""What households are refused."""

from datetime import datetime

from mediagateway.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)


class AccountNotFoundError(NotFoundError):
    """No account bears this id or address."""

    code = "account_not_found"


class AccountClosedError(UnauthenticatedError):
    """The account or profile that the token speaks for is gone, erased or switched off."""

    code = "account_closed"


class EmailTakenError(ConflictError):
    """Another account has this address."""

    code = "email_taken"


class OwnAccountError(ConflictError):
    """Nobody changes or erases the account with which they manage others."""

    code = "own_account"


class ImpersonatedError(ForbiddenError):
    """An admin who acts as an account does not manage its household."""

    code = "impersonated"


class AccountRequiredError(ForbiddenError):
    """The token belongs to a client that acts for itself; only a person has a household."""

    code = "account_required"


class ChildProfileError(ForbiddenError):
    """A child profile manages nothing; switch to an adult's profile first."""

    code = "child_profile"


class ProfileNotFoundError(NotFoundError):
    """The household has no profile with this id."""

    code = "profile_not_found"


class OwnerProfileError(ConflictError):
    """The owner's profile stays an adult's, and as long as the account."""

    code = "owner_profile"


class TooManyProfilesError(ConflictError):
    """The household has as many profiles as an account may have."""

    code = "too_many_profiles"


class PinRequiredError(ForbiddenError):
    """The household has a PIN, and this needs it."""

    code = "pin_required"


class PinNotSetError(ConflictError):
    """The household has no PIN."""

    code = "pin_not_set"


class WrongPinError(ForbiddenError):
    """This is not the household's PIN."""

    code = "wrong_pin"


class PinLockedError(DomainError):
    """Too many wrong PINs; none is taken until the wait is over."""

    code = "pin_locked"
    title = "Too many wrong PINs"
    status = 429

    def __init__(self, *, until: datetime, now: datetime) -> None:
        """Say how long it takes."""
        self.retry_after_s = max(1, int((until - now).total_seconds()) + 1)
        super().__init__(f"Too many wrong PINs; try again in {self.retry_after_s} seconds.")


class RatingNotFoundError(NotFoundError):
    """This profile has not rated this title."""

    code = "rating_not_found"


class NotificationNotFoundError(NotFoundError):
    """This profile has no such notification."""

    code = "notification_not_found"


class InvalidPictureError(InvalidInputError):
    """The body is not a picture that is taken."""

    code = "invalid_picture"


class AvatarNotFoundError(NotFoundError):
    """The profile has no picture, or not this one."""

    code = "avatar_not_found"


class ExportNotFoundError(NotFoundError):
    """The household has asked for no such export."""

    code = "export_not_found"
