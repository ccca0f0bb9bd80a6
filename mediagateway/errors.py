"""The family of errors that the product raises; `http.problem` turns each into an RFC 9457 body."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class FieldError:
    """
    One wrong field of a request.

    Attributes:
        pointer: JSON pointer (RFC 6901) to the field; a query parameter or path part counts as a member of an object.
        code: Stable snake_case name of what is wrong.
        detail: A sentence for a person.
        location: Where the pointer starts.
    """

    pointer: str
    code: str
    detail: str
    location: Literal["body", "query", "path", "header"] = "body"


class DomainError(Exception):
    """An expected failure with a stable code, a title and the HTTP status that it means."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"
    status: ClassVar[int] = 500

    def __init__(self, detail: str) -> None:
        """Keep the sentence that says what went wrong this time."""
        super().__init__(detail)
        self.detail = detail


class InvalidInputError(DomainError):
    """The request does not fit its schema."""

    code = "validation_error"
    title = "The request is not valid"
    status = 400

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        """Keep each wrong field beside the sentence."""
        super().__init__(detail)
        self.errors = tuple(errors)


class InvalidCursorError(DomainError):
    """The cursor was not made by this list."""

    code = "invalid_cursor"
    title = "The cursor is not valid here"
    status = 400


class CursorExpiredError(DomainError):
    """The cursor points into an index that is gone."""

    code = "cursor_expired"
    title = "The cursor has expired"
    status = 400


class UnauthenticatedError(DomainError):
    """No valid credentials."""

    code = "unauthenticated"
    title = "Authentication is required"
    status = 401


class ForbiddenError(DomainError):
    """Valid credentials that do not reach this far."""

    code = "forbidden"
    title = "Not allowed"
    status = 403


class NotFoundError(DomainError):
    """Nothing there, or nothing that the caller may see: the answer is the same."""

    code = "not_found"
    title = "Not found"
    status = 404


class ConflictError(DomainError):
    """The request does not fit the present state."""

    code = "conflict"
    title = "Conflict"
    status = 409


class UnavailableError(DomainError):
    """Something this needs does not answer."""

    code = "service_unavailable"
    title = "Service unavailable"
    status = 503
