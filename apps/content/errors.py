"""What the catalogue refuses."""

from uuid import UUID

from mediagateway.errors import ConflictError, InvalidInputError, NotFoundError


class TitleNotFoundError(NotFoundError):
    """No title bears this id."""

    code = "title_not_found"


class InvalidDraftError(InvalidInputError):
    """A draft, or terms of an offer, that the catalogue cannot hold."""

    code = "invalid_draft"


class InvalidMergeError(InvalidInputError):
    """Two titles that cannot be one work."""

    code = "invalid_merge"


class ExternalIdTakenError(ConflictError):
    """A draft claims an external id that belongs to another title."""

    code = "external_id_taken"


class TitleMergedError(Exception):
    """The id was merged into another title, which answers for it: over HTTP a redirect, not a problem."""

    def __init__(self, survivor: UUID) -> None:
        """Keep who answers now."""
        super().__init__(f"merged into {survivor}")
        self.survivor = survivor


class PersonNotFoundError(NotFoundError):
    """Nobody bears this id."""

    code = "person_not_found"


class PlatformNotFoundError(NotFoundError):
    """No platform bears this slug."""

    code = "platform_not_found"
