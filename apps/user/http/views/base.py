"""The base of every view of something personal."""

from rest_framework.request import Request

from apps.user.queries.ownership import Owner, get_owner
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.views import ApiView

READ_PROFILE = frozenset({"read:profile"})
WRITE_PROFILE = frozenset({"write:profile"})


class PersonalView(ApiView):
    """A view for people with a token; subclasses declare `scopes` for each method."""

    permission_classes = [Scoped]


def owner_of(request: Request) -> Owner:
    """Find whom the token speaks for; see `get_owner`."""
    return get_owner(require_principal(request))
