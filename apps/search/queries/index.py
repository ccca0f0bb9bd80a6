"""How the index stands."""

from apps.search.adapters.meaning import meanings
from apps.search.adapters.rankings import Standing, get_standing
from apps.search.adapters.store import snapshots
from apps.search.domain.analysis import ANALYSIS_VERSION
from apps.search.models import IndexState
from mediagateway.errors import CursorExpiredError
from mediagateway.health import DegradedError, NotConfiguredError
from mediagateway.vectors.ports import VectorsUnavailableError


def check_version(expected: str) -> Standing:
    """
    Give the present versions of index and ranking; 1 SQL statement.

    Args:
        expected: The version that a cursor counts in; "" expects nothing.

    Raises:
        CursorExpiredError: The index has changed since, or what orders results.
    """
    standing = get_standing()
    if expected not in ("", str(standing)):
        raise CursorExpiredError("The catalogue has changed since the page before; start the search again.")
    return standing


def check_index() -> None:
    """
    Bring this process's snapshot up to date, for the readiness check: the first load takes up to a second or two.

    Raises:
        DegradedError: The index was built by another analysis than this code's; answers may miss titles.
    """
    snapshots.current()
    built_by = IndexState.objects.values_list("analysis_version", flat=True).first()
    if built_by not in (None, ANALYSIS_VERSION):
        raise DegradedError(f"built by analysis {built_by}, this is {ANALYSIS_VERSION}: run manage.py rebuild_index")


def check_vectors() -> None:
    """
    Embed a word and open the vectors, for the readiness check: the model is loaded by it.

    Raises:
        NotConfiguredError: There is nothing to be searched yet.
        DegradedError: Search answers by words alone.
    """
    if not IndexState.objects.exists():
        raise NotConfiguredError("no title is indexed yet")
    try:
        meanings.check()
    except VectorsUnavailableError as err:
        raise DegradedError(f"search answers by words alone: {err}") from err
