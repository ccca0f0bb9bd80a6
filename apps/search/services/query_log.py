"""
The log of searches: off the requests' way, and no more of anybody than they have agreed to (ADR 34).

A request puts what was asked into a buffer; a thread of the process writes the buffer every second. What the database
does not take, or comes while the buffer is full, is lost and counted: a search never waits for its log.
"""

import atexit
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.crypto import salted_hmac

from apps.search import conf
from apps.search.domain.query_log import AskedQuery, normalise
from apps.search.metrics import LOGGED, LogOutcome
from apps.search.models import LoggedClick, LoggedQuery, QueryTally
from apps.user import api as user
from mediagateway.principal import Principal

PURPOSE = "analytics"
#: Searches that may wait; some ten seconds of a busy process.
_CAPACITY = 4096
#: Rows in one INSERT.
_BATCH = 500
#: A click whose query has not come by then never had one.
_ORPHANED_AFTER = timedelta(hours=1)

_log = structlog.get_logger(__name__)


class QueryLog:
    """The buffer of a process and the thread that empties it; safe for threads."""

    def __init__(self) -> None:
        """Start empty; the thread starts with the first search, so that it belongs to the process that serves."""
        self._waiting: deque[AskedQuery] = deque()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def note(self, asked: AskedQuery) -> None:
        """Put a search where it will be written from; no SQL, and it never fails."""
        if len(self._waiting) >= _CAPACITY:
            LOGGED.labels(LogOutcome.DROPPED).inc()
            return
        self._waiting.append(asked)
        if self._writer is None and conf.query_log_interval_s():
            self._start()

    def flush(self) -> None:
        """Write what waits; what cannot be written is lost. Five SQL statements for every 500 searches."""
        while batch := [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]:
            try:
                write_searches(batch)
            except (DatabaseError, InterfaceError) as err:
                LOGGED.labels(LogOutcome.FAILED).inc(len(batch))
                _log.warning("search.log_failed", lost=len(batch), error=repr(err))

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_for_ever, name="query-log", daemon=True)
                self._writer.start()
                atexit.register(self.flush)

    def _write_for_ever(self) -> None:
        while True:
            time.sleep(conf.query_log_interval_s())
            if self._waiting:
                close_old_connections()
                self.flush()


def write_searches(batch: Sequence[AskedQuery]) -> None:
    """
    Write searches, each as far as who asked has agreed.

    Who said no to analytics, a child, and an admin who acts as somebody are counted and no more; who was not asked, or
    has no account, leaves a text without a searcher. Two SQL statements to know, three at most to write.
    """
    people = {(each.account_id, each.profile_id) for each in batch if each.account_id is not None}
    answers = user.list_answers(people, PURPOSE) if people else {}
    is_kept = conf.query_log_days() > 0
    rows, tallies = [], Counter[tuple[date, str]]()
    for each in batch:
        answer = answers[each.account_id, each.profile_id] if each.account_id is not None else None
        if is_kept and answer is not False and not each.is_observed:
            rows.append(_row(each, searcher=each.account_id if answer else None))
        elif each.offset == 0:
            tallies[each.asked_at.date(), "searches"] += 1
            tallies[each.asked_at.date(), "zero_results"] += each.total == 0
    with transaction.atomic():
        LoggedQuery.objects.bulk_create(rows, ignore_conflicts=True)
        _count(tallies)
    LOGGED.labels(LogOutcome.WRITTEN).inc(len(rows))
    LOGGED.labels(LogOutcome.COUNTED).inc(len(batch) - len(rows))


def record_click(
    principal: Principal | None, query_id: UUID, content_id: UUID, *, position: int, now: datetime
) -> None:
    """
    Note that a result was opened; again is once.

    As with searches: who said no, a child, and an admin who acts as somebody are counted and no more. Two SQL
    statements to know about a person, one or two to write.
    """
    answer = None
    if principal is not None and principal.account_id is not None:
        person = principal.account_id, principal.profile_id
        answer = False if principal.actor_id is not None else user.list_answers([person], PURPOSE)[person]
    if answer is False or not conf.query_log_days():
        _count(Counter({(now.date(), "clicks"): 1}))
        return
    click = LoggedClick(query_id=query_id, content_id=content_id, position=position, clicked_at=now)
    LoggedClick.objects.bulk_create([click], ignore_conflicts=True)


def forget_old_queries(*, now: datetime) -> int:
    """Delete what is kept no longer, and clicks that belong to no query; say how many rows. Four SQL statements."""
    until = now - timedelta(days=conf.query_log_days())
    gone = LoggedQuery.objects.filter(asked_at__lt=until).delete()[0]
    gone += LoggedClick.objects.filter(clicked_at__lt=until).delete()[0]
    orphans = LoggedClick.objects.filter(
        ~Exists(LoggedQuery.objects.filter(pk=OuterRef("query_id"))), clicked_at__lt=now - _ORPHANED_AFTER
    )
    gone += orphans.delete()[0]
    # Counts name nobody, but nobody looks at them for longer than a year either.
    return gone + QueryTally.objects.filter(day__lt=(now - timedelta(days=366)).date()).delete()[0]


def erase_searches(account_id: UUID, *, now: datetime) -> None:
    """Delete the searches of a household, and their clicks. Two SQL statements."""
    mine = LoggedQuery.objects.filter(searcher__in=_searchers(account_id, now))
    LoggedClick.objects.filter(query_id__in=mine.values("id")).delete()
    mine.delete()


def export_searches(account_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Give the searches that can still be told to be a household's, oldest first, as JSON values. One SQL statement."""
    mine = LoggedQuery.objects.filter(searcher__in=_searchers(account_id, now))
    rows = mine.values("asked_at", "surface", "text", "filters", "region", "total")
    written: list[dict[str, Any]] = orjson.loads(orjson.dumps(list(rows), option=orjson.OPT_UTC_Z))
    return written


def searcher_of(account_id: UUID, day: date) -> str:
    """
    Hash a household for one day.

    The day is in it, so that two days cannot be joined; the salt is the server's secret, so that nobody who has the
    table alone can try out accounts.
    """
    return salted_hmac("search.searcher", f"{day}:{account_id}", algorithm="sha256").hexdigest()[:32]


def _searchers(account_id: UUID, now: datetime) -> list[str]:
    """List the hashes of a household that the log may hold."""
    # A sweep may be late by some hours, and a clock wrong.
    days = range(-1, conf.query_log_days() + 2)
    return [searcher_of(account_id, now.date() - timedelta(days=ago)) for ago in days]


def _row(asked: AskedQuery, *, searcher: UUID | None) -> LoggedQuery:
    """Write the row of a search."""
    return LoggedQuery(
        id=asked.query_id,
        asked_at=asked.asked_at,
        surface=asked.surface,
        text=normalise(asked.text),
        searcher=searcher_of(searcher, asked.asked_at.date()) if searcher else "",
        filters=",".join(asked.filters),
        region=asked.region,
        page_offset=asked.offset,
        total=asked.total,
        is_relaxed=asked.is_relaxed,
        is_degraded=asked.is_degraded,
        took_ms=asked.took_ms,
        ranking_version=asked.ranking_version,
        variant=asked.variant,
    )


def _count(tallies: Counter[tuple[date, str]]) -> None:
    """Add to the counts of days."""
    for day in {day for day, _ in tallies}:
        grown = {name: F(name) + count for (of, name), count in tallies.items() if of == day}
        if not QueryTally.objects.filter(day=day).update(**grown):
            QueryTally.objects.bulk_create([QueryTally(day=day)], ignore_conflicts=True)
            QueryTally.objects.filter(day=day).update(**grown)


#: This process's own.
query_log = QueryLog()
