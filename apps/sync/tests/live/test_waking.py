"""Signals through a real Valkey: who is woken, and what is left of it when Valkey goes away or says something odd."""

import asyncio
from contextlib import ExitStack
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connections
from redis import Redis

from apps.content.tests.factories import TitleFactory
from apps.sync.adapters.signals import CHANNEL, RedisSignals
from apps.sync.http.live import hub, waking
from apps.sync.http.live.waking import RedisListener
from apps.sync.services import signals
from apps.sync.tests.live.conversations import PATIENCE_S, converse
from mediagateway.testing.servers import valkey

pytestmark = pytest.mark.once


@pytest.fixture
def store():
    """A Valkey of the test's own: its URL, and a way to kill it and to start another in its place."""
    with ExitStack() as stack:
        running = stack.enter_context(ExitStack())
        url = running.enter_context(valkey())

        def restart():
            Redis.from_url(url).shutdown(nosave=True)
            running.close()
            running.enter_context(valkey(port=urlsplit(url).port))

        yield url, restart


def listen(url, scenario):
    """Play a scenario, an async function of a listener that listens and of the queue of those it has woken."""

    async def play():
        woken: asyncio.Queue[object] = asyncio.Queue()
        listener = RedisListener(url, woken.put_nowait)
        task = asyncio.create_task(listener.run())
        await until(lambda: listener.is_listening)
        await scenario(listener, woken)
        assert not task.done()
        task.cancel()

    asyncio.run(play())


async def until(is_so):
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            await asyncio.sleep(0.01)


async def heard(woken):
    return await asyncio.wait_for(woken.get(), PATIENCE_S)


def test_who_is_named_is_woken(store):
    url, _ = store
    people = [uuid4(), uuid4()]

    async def scenario(_listener, woken):
        sender = RedisSignals(url)
        for person in people:
            await asyncio.to_thread(sender.send, person)
        assert [await heard(woken) for _ in people] == people

    listen(url, scenario)


def test_a_message_that_names_nobody_is_passed_over(store):
    url, _ = store
    person = uuid4()

    async def scenario(_listener, woken):
        for message in ("nobody", "", "\xff", person.hex):
            await asyncio.to_thread(Redis.from_url(url).publish, CHANNEL, message)
        assert await heard(woken) == person
        assert woken.empty()

    listen(url, scenario)


def test_a_store_that_comes_back_is_listened_to_again(store, monkeypatch):
    monkeypatch.setattr(waking, "_RETRY_S", 0.05)
    url, restart = store
    person = uuid4()

    async def scenario(_listener, woken):
        await asyncio.to_thread(restart)
        async with asyncio.timeout(PATIENCE_S):
            # Signals that nobody hears yet are lost, as they may be.
            while woken.empty():
                await asyncio.to_thread(RedisSignals(url).send, person)
                await asyncio.sleep(0.02)
        assert await heard(woken) == person

    listen(url, scenario)


@pytest.fixture
def _signalled(store, settings):
    """The application with signals through the store."""
    settings.REDIS_URL, _ = store
    signals._signals.cache_clear()
    yield
    signals._signals.cache_clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_signalled")
def test_a_write_is_heard_by_its_signal_without_looking_at_the_database(api, monkeypatch):
    monkeypatch.setattr(hub, "FOLLOW_S", 3600.0)
    film, url = str(TitleFactory.create().id), api.post("sync/ticket", {}).json()["ws_url"]

    def add():
        try:
            return api.post("sync/watchlist", {"operation": "add", "content_id": film})
        finally:
            connections.close_all()

    async def scenario(live):
        talk, _ = await live.socket(url)
        await until(lambda: live._app._hub._listener.is_listening)
        await asyncio.to_thread(add)
        assert (await talk.hear("operations"))["operations"][0]["content_id"] == film

    converse(scenario)


@pytest.mark.parametrize("deaf_to", [0, 1, 3], ids=lambda times: f"{times} times deaf")
def test_a_stop_ends_what_overhears_that_it_is_to_end(deaf_to):
    """As Redis' client does: `asyncio.wait_for` of Python 3.11 may swallow a cancellation, and it listens again."""
    asked = []

    async def listens():
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                asked.append("to end")
                if len(asked) > deaf_to:
                    raise

    async def scenario():
        stopping = hub.Hub()
        stopping._spawn(listens())
        await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE_S):
            await stopping.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scenario())
    assert len(asked) == deaf_to + 1
