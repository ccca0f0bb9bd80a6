"""Who looks around: a person, or nobody."""

from rest_framework.request import Request

from apps.user.api import get_viewer
from mediagateway.http.permissions import principal_of
from mediagateway.ownership import Viewer


def find_viewer(request: Request, *, region: str | None) -> Viewer | None:
    """Find whom the token speaks for; None without a token, and for a client that acts for itself."""
    principal = principal_of(request)
    if principal is None or principal.account_id is None:
        return None
    return get_viewer(principal, region=region)
