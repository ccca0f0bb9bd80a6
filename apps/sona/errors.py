"""What can go wrong in recommending."""

from mediagateway.errors import InvalidInputError


class InteractionFileError(InvalidInputError):
    """A file of interactions cannot be read."""
