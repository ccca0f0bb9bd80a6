"""What the background worker does for search between two events."""

from time import monotonic

import structlog
from django.utils import timezone

from apps.search.services import saved_searches, vectors
from mediagateway.vectors.ports import VectorsUnavailableError

#: Seconds between two looks whether the index still has what it should have.
_LOOK_S = 60.0
#: Seconds between two looks whether a saved search is due.
_NEWS_S = 10.0
#: Seconds of rest after a failure of the embedder or the index.
_REST_S = 30.0

_log = structlog.get_logger(__name__)


class _Follower:
    """Remembers when to look and when to rest, for one process."""

    def __init__(self) -> None:
        self._looked_at = self._rests_until = float("-inf")

    def step(self) -> bool:
        """See `follow_titles`."""
        now = monotonic()
        if now < self._rests_until:
            return False
        try:
            if now - self._looked_at > _LOOK_S:
                vectors.forget_lost_collections()
                self._looked_at = now
            return vectors.follow_titles()
        except VectorsUnavailableError as err:
            _log.warning("search.vectors_unavailable", error=repr(err), wait_s=_REST_S)
            self._rests_until = now + _REST_S
            return False


_follower = _Follower()


def follow_titles() -> bool:
    """
    Bring the vectors of a few titles in step with the catalogue, and say whether there is more to do.

    Idempotent. A quarter of a second at most; while the embedder or the index is down it does nothing and says so.
    """
    return _follower.step()


class _Reporter:
    """Remembers, for one process, when to ask again whether a saved search is due."""

    def __init__(self) -> None:
        self._rests_until = float("-inf")

    def step(self) -> bool:
        """See `look_for_news`."""
        if monotonic() < self._rests_until:
            return False
        if saved_searches.look_for_news(now=timezone.now()):
            return True
        self._rests_until = monotonic() + _NEWS_S
        return False


_reporter = _Reporter()


def look_for_news() -> bool:
    """
    Look whether one saved search has new matches, and say whether another may be due.

    Idempotent: who was told of a title is not told again. One search, some 20 ms.
    """
    return _reporter.step()
