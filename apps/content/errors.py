"""What the catalogue refuses."""

from mediagateway.errors import ConflictError, InvalidInputError, NotFoundError


class TitleNotFoundError(NotFoundError):
    """No title bears this id."""

    code = "title_not_found"


class InvalidDraftError(InvalidInputError):
    """A draft, or terms of an offer, that the catalogue cannot hold."""

    code = "invalid_draft"


class ExternalIdTakenError(ConflictError):
    """A draft claims an external id that belongs to another title."""

    code = "external_id_taken"
