"""Which scope writes what an operation changes."""

from collections.abc import Iterable

from apps.sync.domain.changes import Kind
from mediagateway.http.errors import InsufficientScopeError
from mediagateway.principal import Principal

_WRITES = {
    Kind.ADD: "write:watchlist",
    Kind.REMOVE: "write:watchlist",
    Kind.PROGRESS: "write:history",
    Kind.HIDE: "write:history",
    Kind.PREFERENCE: "write:preferences",
}


def check_may_write(principal: Principal, kinds: Iterable[Kind]) -> None:
    """
    Check that a caller may write operations of these kinds.

    Raises:
        InsufficientScopeError: For one of them the token lacks the scope.
    """
    wanted = frozenset(_WRITES[kind] for kind in kinds)
    if not principal.has_scopes(wanted):
        raise InsufficientScopeError(wanted)
