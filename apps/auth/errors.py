"""What auth refuses."""

from mediagateway.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError


class InvalidCredentialsError(DomainError):
    """E-mail address and password do not fit together; the answer is the same when there is no such account."""

    code = "invalid_credentials"
    title = "Sign-in failed"
    status = 401


class TooManyAttemptsError(DomainError):
    """Too many failed attempts for this account or from this address; `Retry-After` says when to come back."""

    code = "too_many_attempts"
    title = "Too many failed attempts"
    status = 429

    def __init__(self, retry_after_s: int) -> None:
        """Keep the wait, in seconds."""
        self.retry_after_s = retry_after_s
        super().__init__(f"Try again in {retry_after_s} seconds.")


class EmailNotVerifiedError(ForbiddenError):
    """The password is right, and the e-mail address waits for its confirmation."""

    code = "email_not_verified"


class AccountErasedError(ForbiddenError):
    """The password is right, and the account is erased; sign in with `restore` while it can be restored."""

    code = "account_erased"


class AdminAccountError(ForbiddenError):
    """Nobody acts as another admin."""

    code = "admin_account"


class ClosedAccountError(ConflictError):
    """The account is switched off or erased, so nobody acts as it."""

    code = "account_not_open"


class InvalidGrantError(DomainError):
    """The refresh token is unknown, expired, used or revoked. A used one ends its whole session."""

    code = "invalid_grant"
    title = "The refresh token is not valid"
    status = 401


class InvalidOneTimeTokenError(DomainError):
    """The token of the e-mail is unknown, expired or used."""

    code = "invalid_one_time_token"
    title = "The token is not valid"
    status = 400


class WeakPasswordError(InvalidInputError):
    """The password is too short, too common, or too like the e-mail address."""


class InvalidCodeError(DomainError):
    """The code of the second factor is wrong, or was used."""

    code = "invalid_mfa_code"
    title = "The code is not valid"
    status = 401


class MfaTokenError(DomainError):
    """The token between password and second factor is not ours or has expired; sign in again."""

    code = "invalid_mfa_token"
    title = "The sign-in has expired"
    status = 401


class MfaEnrolledError(ConflictError):
    """There is a second factor already; disable it before you enrol another."""

    code = "mfa_already_enrolled"


class MfaNotEnrolledError(ConflictError):
    """There is no second factor."""

    code = "mfa_not_enrolled"


class SessionRequiredError(ForbiddenError):
    """This needs somebody who has signed in: an API key or a client of its own cannot do it."""

    code = "session_required"


class SessionNotFoundError(NotFoundError):
    """You have no open session of this id."""

    code = "session_not_found"


class ApiKeyNotFoundError(NotFoundError):
    """You have no API key of this id."""

    code = "api_key_not_found"


class TooManyApiKeysError(ConflictError):
    """The account holds as many API keys as it may; revoke one first."""

    code = "too_many_api_keys"


class ClientNotFoundError(NotFoundError):
    """There is no OAuth client of this id, or it is disabled."""

    code = "client_not_found"


class PublicClientError(ConflictError):
    """A public OAuth client has no secret."""

    code = "public_client"


class UserCodeError(DomainError):
    """No device waits under this code: it is mistyped, too old, or was answered."""

    code = "invalid_user_code"
    title = "No device waits under this code"
    status = 400
