"""What ingestion refuses."""

from mediagateway.errors import InvalidInputError


class UnreadableFileError(InvalidInputError):
    """A file that is not there, or is not of the layout that it was said to be."""

    code = "unreadable_file"


class UnknownShelfError(InvalidInputError):
    """No such platform or region to list."""

    code = "unknown_shelf"
