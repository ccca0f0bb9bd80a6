"""Everybody who is connected to this process, and the loop that tells them what happens."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, close_old_connections
from django.db import connections as databases
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.sync import conf
from apps.sync.http.live.connections import MOVED, TOO_MANY, UNAUTHENTICATED, Connection, Ending
from apps.sync.http.live.feed import Feed, load_feed
from apps.sync.http.live.waking import FOLLOW_S, SAFETY_S, RedisListener, read_signals
from apps.sync.metrics import CONNECTIONS, DELIVERY_SECONDS
from apps.user import api as user
from mediagateway import lifecycle
from mediagateway.errors import DomainError
from mediagateway.limits.limiter import Limiter
from mediagateway.limits.overrides import Overrides
from mediagateway.limits.table import Table
from mediagateway.limits.windows import open_windows
from mediagateway.principal import Principal

#: Threads that read and write the database.
_THREADS = 4
#: Live connections of one person, on all their devices.
MAX_CONNECTIONS = 20
#: Seconds for which a connection lasts before it must come with a new ticket, and so with a token that still holds.
_LIFETIME_S = 15 * 60
#: Seconds between two looks at whether an account is still open and which devices have gone silent.
_CHECK_S = 30.0
#: Seconds to wait when the database does not answer.
_OUTAGE_S = 0.5
#: Seconds after which a task that has not ended is told to once more.
_CLOSE_S = 0.1

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Hub:
    """The connections of one process; everything but `run`'s functions happens in the event loop."""

    def __init__(self) -> None:
        """Prepare; the loop starts with the first connection."""
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="live")
        # One for each thread, held until they are closed: left to themselves they would go open with their thread.
        self._databases: set[BaseDatabaseWrapper] = set()
        self._limiter, self._table = Limiter(open_windows(), Overrides()), Table(settings.LIMITS)
        self._by_profile: dict[UUID, set[Connection]] = {}
        self._signals: dict[UUID, int] = {}
        self._delivering: set[UUID] = set()
        self._dirty: set[UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        url = conf.redis_url()
        self._listener = RedisListener(url, self.wake) if url else None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call what needs the database in a thread that has a connection to it."""

        def call() -> T:
            self._databases.add(databases[DEFAULT_DB_ALIAS])
            close_old_connections()
            return function(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def is_admitted(self, path: str, subject: str, principal: Principal | None) -> bool:
        """Count a connection attempt in the limits of its path."""
        found = self._table.find(path)
        if found is None:
            return True
        # Both read the database, now and then: an override may be new.
        limits = await self.run(self._limiter.group_limits, found[0], subject, principal)
        verdict = await self.run(self._limiter.admit, limits)
        return verdict is None or verdict.use.is_allowed

    async def close(self) -> None:
        """Stop following, and close the threads' connections to the database."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # More than once: `asyncio.wait_for`, by which Redis' client sends, can swallow a cancellation before
            # Python 3.12 (CPython issue 86296).
            await asyncio.wait(self._tasks, timeout=_CLOSE_S)
        # In a thread: Django does not let a database be closed from an event loop.
        await asyncio.to_thread(self._close_databases)

    def join(self, connection: Connection, kind: str) -> None:
        """Take a connection in; one too many, or while the process drains, is ended at once."""
        self._start()
        theirs = self._by_profile.setdefault(connection.viewer.profile_id, set())
        theirs.add(connection)
        CONNECTIONS.labels(kind).inc()
        if lifecycle.is_draining():
            connection.end(MOVED)
        elif len(theirs) > MAX_CONNECTIONS:
            connection.end(TOO_MANY)
        else:
            self.wake(connection.viewer.profile_id)

    def leave(self, connection: Connection, kind: str) -> None:
        """Let a connection go."""
        CONNECTIONS.labels(kind).dec()
        profile_id = connection.viewer.profile_id
        connections = self._by_profile.get(profile_id, set())
        connections.discard(connection)
        if not connections:
            self._by_profile.pop(profile_id, None)
            self._signals.pop(profile_id, None)

    def wake(self, profile_id: UUID) -> None:
        """Have a person's connections told what is new; at once, and once more if something comes meanwhile."""
        if profile_id not in self._by_profile:
            return
        if profile_id in self._delivering:
            self._dirty.add(profile_id)
            return
        self._delivering.add(profile_id)
        self._spawn(self._deliver(profile_id))

    def _close_databases(self) -> None:
        self._pool.shutdown()
        for database in list(self._databases):
            database.inc_thread_sharing()
            database.close()

    def _start(self) -> None:
        """Start following, with the first connection."""
        if not self._tasks:
            self._spawn(self._follow())
            self._spawn(self._check())
            if self._listener is not None:
                self._spawn(self._listener.run())

    def _spawn(self, coroutine: "asyncio._CoroutineLike[None]") -> None:
        """Run beside everything else; a task that nobody holds could be collected."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self) -> None:
        """Look at the database now and then, and at whether the process is to stop."""
        looked = float("-inf")
        while True:
            await asyncio.sleep(FOLLOW_S)
            if lifecycle.is_draining():
                self._end_all(MOVED)
            is_woken = self._listener is not None and self._listener.is_listening
            if not self._by_profile or (is_woken and time.monotonic() - looked < SAFETY_S):
                continue
            looked = time.monotonic()
            try:
                signals = await self.run(read_signals, tuple(self._by_profile))
            except (DatabaseError, InterfaceError) as err:
                _log.warning("live.database_failed", error=repr(err))
                await asyncio.sleep(_OUTAGE_S)
                continue
            for profile_id, signal in signals.items():
                if self._signals.get(profile_id) != signal:
                    self.wake(profile_id)

    async def _deliver(self, profile_id: UUID) -> None:
        """Tell a person's connections what is new, until nothing is."""
        try:
            while connections := list(self._by_profile.get(profile_id, ())):
                self._dirty.discard(profile_id)
                after = min(connection.position for connection in connections)
                try:
                    feed = await self.run(load_feed, connections[0].viewer, after)
                except (DatabaseError, InterfaceError) as err:
                    _log.warning("live.database_failed", error=repr(err))
                    await asyncio.sleep(_OUTAGE_S)
                    continue
                self._tell(connections, feed)
                self._signals[profile_id] = feed.signal
                if not feed.has_more and profile_id not in self._dirty:
                    return
        finally:
            self._delivering.discard(profile_id)

    def _tell(self, connections: list[Connection], feed: Feed) -> None:
        now_s = time.time()
        told = max(connection.position for connection in connections)
        for connection in connections:
            connection.tell_feed(feed)
        for entry in feed.entries:
            if entry.position > told:
                DELIVERY_SECONDS.observe(max(now_s - entry.received_s, 0))

    async def _check(self) -> None:
        """Look at accounts that were closed, connections that are old, and devices that went silent."""
        while True:
            await asyncio.sleep(_CHECK_S)
            for profile_id, connections in list(self._by_profile.items()):
                for connection in list(connections):
                    if time.monotonic() - connection.opened > _LIFETIME_S:
                        connection.end(MOVED)
                if self._by_profile.get(profile_id) and not await self._is_open(
                    next(iter(connections)).viewer.principal
                ):
                    for connection in list(connections):
                        connection.end(UNAUTHENTICATED)
                self.wake(profile_id)

    async def _is_open(self, principal: Principal) -> bool:
        """Whether the account behind a connection may still be seen; while the database is away, it may."""
        try:
            await self.run(user.get_viewer, principal)
        except DomainError:
            return False
        except (DatabaseError, InterfaceError) as err:
            _log.warning("live.database_failed", error=repr(err))
        return True

    def _end_all(self, ending: Ending) -> None:
        for connections in list(self._by_profile.values()):
            for connection in list(connections):
                connection.end(ending)
