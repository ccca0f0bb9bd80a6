"""The base of every view of something in step."""

from rest_framework.request import Request

from apps.user import api as user
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.views import ApiView
from mediagateway.ownership import Viewer

#: Who exchanges operations sees all lists; what a batch changes is checked operation by operation.
READ_ALL = frozenset({"read:watchlist", "read:history", "read:preferences"})


class PersonalView(ApiView):
    """A view for people with a token; subclasses declare `scopes` for each method."""

    permission_classes = [Scoped]


def viewer_of(request: Request) -> Viewer:
    """Find whom the token speaks for. Raises as `user.get_viewer` does."""
    return user.get_viewer(require_principal(request))
