"""What searches find, as metrics; how long they take is in the requests' own histogram."""

from enum import StrEnum

from prometheus_client import Counter

from mediagateway.telemetry.metrics import declare


class Outcome(StrEnum):
    """How a search ended."""

    FOUND = "found"
    RELAXED = "relaxed"
    EMPTY = "empty"


#: Answers out of the cache are not counted: the same query of many people is one search here.
SEARCHES = declare(
    Counter("mg_search_queries_total", "Queries put to the index, by what they found.", ["outcome"]), Outcome
)


class LogOutcome(StrEnum):
    """What became of a search on its way to the query log."""

    WRITTEN = "written"
    COUNTED = "counted"
    DROPPED = "dropped"
    FAILED = "failed"


#: `counted` is of who has not agreed to more; `dropped` came while the buffer was full.
LOGGED = declare(
    Counter("mg_search_log_entries_total", "Searches handed to the query log, by what became of them.", ["outcome"]),
    LogOutcome,
)
