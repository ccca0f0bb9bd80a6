"""Who calls a tool, and under which policy."""

from dataclasses import dataclass
from datetime import datetime

from apps.user import api as user
from mediagateway.errors import UnauthenticatedError
from mediagateway.ownership import Viewer
from mediagateway.policy import Policy
from mediagateway.principal import Principal


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call of a tool.

    Attributes:
        principal: Who calls; None is an anonymous agent.
        now: The clock of this call; aware.
    """

    principal: Principal | None
    now: datetime

    def policy(self, region: str | None = None) -> Policy:
        """Say what the caller may see; the rules of `?region=` hold."""
        return user.resolve_policy(self.principal, region)

    def viewer(self, region: str | None = None) -> Viewer:
        """
        Find the person whom the token speaks for.

        Raises:
            UnauthenticatedError: Nobody has signed in.
        """
        if self.principal is None:
            raise UnauthenticatedError("This tool needs an access token or an API key.")
        return user.get_viewer(self.principal, region=region)
