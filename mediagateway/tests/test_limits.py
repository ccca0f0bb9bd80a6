"""Limits without HTTP: which group a path is in, whom a request is counted for, and what a window takes."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from mediagateway.limits.subjects import client_address, subject_of
from mediagateway.limits.table import LIMITS, LimitGroup, Table
from mediagateway.limits.windows import MemoryWindows, RedisWindows, Window
from mediagateway.principal import Principal

PREFIXES = {prefix: group for group in LIMITS for prefix in group.prefixes}
#: Pieces of paths that are in the table, and some that are not.
SEGMENTS = st.sampled_from(
    sorted({segment for prefix in PREFIXES for segment in prefix.split("/")} | {"searching", "%2e", "..", "SEARCH"})
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/search", "search"),
        ("/api/v1/search/autocomplete", "search"),
        ("/api/v1/searching", "other"),
        ("/api/v1/discover/tonight", "search"),
        ("/api/v1/tv/popular", "content"),
        ("/api/v1/auth/login", "auth"),
        ("/auth/token", "auth"),
        ("/auth/device", "auth"),
        ("/auth/device/more", "auth"),
        ("/auth/authorize", "admin"),
        ("/link", "admin"),
        ("/ws", "admin"),
        ("/mcp", "mcp"),
        ("/api/v1/admin/rate-limits", "admin"),
        ("/api/v1/webhooks/netflix", "webhooks"),
        ("/api/v1/status", "other"),
        ("/api/v1", "other"),
        ("/api/v2/search", None),
        ("/health", None),
        ("/ready", None),
        ("/liveness", None),
        ("/metrics", None),
        ("/admin/login/", None),
        ("//api/v1/search", None),
    ],
)
def test_a_path_is_in_its_row(path, name):
    found = Table(LIMITS).find(path)

    assert (found and found[0].name) == name


@given(st.lists(SEGMENTS, max_size=6).map(lambda segments: "/" + "/".join(segments)))
def test_the_longest_prefix_of_whole_segments_decides(path):
    """Compared with the definition itself: try every prefix of the table."""
    matching = [prefix for prefix in PREFIXES if path == prefix or path.startswith(f"{prefix}/")]
    longest = max(matching, key=len, default=None)

    assert Table(LIMITS).find(path) == (longest and (PREFIXES[longest], longest))


def test_a_prefix_belongs_to_one_group():
    with pytest.raises(ValueError, match="two groups"):
        Table([LimitGroup("a", ("/x",), 1, 1), LimitGroup("b", ("/x",), 1, 1)])


@given(
    limit=st.integers(1, 5),
    window_s=st.sampled_from([1, 60]),
    gaps_s=st.lists(st.floats(0, 40), min_size=1, max_size=40),
)
def test_a_window_never_holds_more_than_its_limit_and_refuses_only_when_full(limit, window_s, gaps_s):
    now = 0.0
    windows = MemoryWindows(lambda: now)
    taken: list[float] = []
    for gap_s in gaps_s:
        now += gap_s
        inside = [at for at in taken if at > now - window_s]
        (use,) = windows.hit([Window("key", limit, window_s)])

        assert use.is_allowed == (len(inside) < limit)
        if use.is_allowed:
            taken.append(now)
            inside.append(now)
        assert use.remaining == limit - len(inside)
        assert use.frees_in_s == pytest.approx(inside[0] + window_s - now)


def test_forgotten_keys_take_no_memory():
    now = 0.0
    windows = MemoryWindows(lambda: now)
    for number in range(100):
        windows.hit([Window(f"minute-{number}", 5, 60)])
    windows.hit([Window("hour", 5, 3600)])
    now = 61.0
    windows.hit([Window("new", 5, 60)])

    assert set(windows._hits) == {"hour", "new"}


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.servers)])
def windows(request, settings):
    """A store of windows of each kind."""
    return MemoryWindows() if request.param == "memory" else RedisWindows(settings.REDIS_URL)


def test_a_limit_lowered_under_what_was_used_refuses_and_leaves_nothing(windows):
    key = str(uuid4())
    for _ in range(5):
        windows.hit([Window(key, 5, 60)])

    (use,) = windows.hit([Window(key, 2, 60)])

    assert (use.is_allowed, use.remaining) == (False, 0)


def test_what_one_window_refuses_is_counted_in_none(windows):
    minute, second = Window(str(uuid4()), 10, 60), Window(str(uuid4()), 2, 1)
    uses = [windows.hit([second, minute]) for _ in range(4)]

    assert [[use.is_allowed for use in each] for each in uses] == [[True, True]] * 2 + [[False, True]] * 2
    assert [[use.remaining for use in each] for each in uses] == [[1, 9], [0, 8], [0, 8], [0, 8]]
    assert 0 < uses[-1][0].frees_in_s <= 1
    assert 50 < uses[-1][1].frees_in_s <= 60

    time.sleep(uses[-1][0].frees_in_s + 0.01)
    assert [use.is_allowed for use in windows.hit([second, minute])] == [True, True]


def test_many_at_once_take_exactly_what_there_is(windows):
    window = Window(str(uuid4()), 20, 60)
    with ThreadPoolExecutor(8) as pool:
        uses = list(pool.map(lambda _: windows.hit([window])[0], range(60)))

    assert sum(use.is_allowed for use in uses) == 20


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("9.9.9.9", "", "9.9.9.9"),
        ("9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("127.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("127.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.7", "1.1.1.1"),
        ("127.0.0.1", "10.0.0.8,10.0.0.7", "10.0.0.8"),
        ("127.0.0.1", "1.1.1.1, forged", "127.0.0.1"),
        ("127.0.0.1", "forged, 10.0.0.7", "10.0.0.7"),
        ("", "1.1.1.1", "1.1.1.1"),
        ("", "", "local"),
        ("::ffff:127.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("127.0.0.1", "2001:db8:0:0:5:6:7:8", "2001:db8::/64"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_trusted_proxy(settings, peer, forwarded_for, client):
    settings.TRUSTED_PROXIES = ("127.0.0.1", "::1", "10.0.0.0/8")
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded_for)

    assert client_address(request) == client


@pytest.mark.parametrize(
    ("principal", "subject"),
    [
        (None, "address:127.0.0.1"),
        (Principal(UUID(int=1), frozenset(), "t", api_key_id=UUID(int=2)), f"key:{UUID(int=2)}"),
        (Principal(UUID(int=1), frozenset(), "t", profile_id=UUID(int=3)), f"account:{UUID(int=1)}"),
        (Principal(None, frozenset(), "t", client_id="robot"), "client:robot"),
    ],
    ids=["anonymous", "key", "account", "client"],
)
def test_a_subject_is_key_then_account_then_client_then_address(principal, subject):
    assert subject_of(principal, RequestFactory().get("/")) == subject
