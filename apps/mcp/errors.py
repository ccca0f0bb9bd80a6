"""What agents are refused."""

from mediagateway.errors import NotFoundError


class ToolNotFoundError(NotFoundError):
    """There is no tool of this name."""

    code = "tool_not_found"
