"""The readers of environment variables: what they take, and what stops the boot."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from settings import env

NAME = "MG_TEST_VARIABLE"


@pytest.mark.parametrize(
    ("given", "read", "expected"),
    [
        (None, lambda: env.text(NAME, "default"), "default"),
        ("", lambda: env.text(NAME, "default"), "default"),
        ("value", lambda: env.text(NAME), "value"),
        ("12", lambda: env.integer(NAME, 1), 12),
        (None, lambda: env.integer(NAME, 7), 7),
        ("10", lambda: env.integer(NAME, 1, minimum=10, maximum=10), 10),
        ("0.5", lambda: env.ratio(NAME, 0.1), 0.5),
        ("yes", lambda: env.flag(NAME, False), True),
        ("OFF", lambda: env.flag(NAME, True), False),
        (None, lambda: env.flag(NAME, True), True),
        (" a, b ,,c", lambda: env.words(NAME), ["a", "b", "c"]),
        (None, lambda: env.words(NAME, ("a",)), ["a"]),
        ("b", lambda: env.choice(NAME, "a", among=("a", "b")), "b"),
        ("/tmp/x/../y", lambda: env.folder(NAME, Path("/var")), Path("/tmp/y")),
        ("redis://h/0", lambda: env.url(NAME, schemes=("redis",)), "redis://h/0"),
        (None, lambda: env.url(NAME, schemes=("redis",)), ""),
        ("sqlite:////a/b", lambda: env.url(NAME, schemes=("sqlite",)), "sqlite:////a/b"),
        ("https://a.b,http://c:8080", lambda: env.origins(NAME, ()), ["https://a.b", "http://c:8080"]),
        ("de", lambda: env.region(NAME, "US"), "DE"),
    ],
)
def test_a_good_value_is_read(monkeypatch, given, read, expected):
    monkeypatch.delenv(NAME, raising=False)
    if given is not None:
        monkeypatch.setenv(NAME, given)

    assert read() == expected


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, lambda: env.text(NAME)),
        ("", lambda: env.text(NAME)),
        ("short", lambda: env.text(NAME, min_length=6)),
        ("1.5", lambda: env.integer(NAME, 1)),
        ("-1", lambda: env.integer(NAME, 1)),
        ("11", lambda: env.integer(NAME, 1, maximum=10)),
        ("half", lambda: env.ratio(NAME, 0.1)),
        ("1.1", lambda: env.ratio(NAME, 0.1)),
        ("nan", lambda: env.ratio(NAME, 0.1)),
        ("maybe", lambda: env.flag(NAME, False)),
        ("c", lambda: env.choice(NAME, "a", among=("a", "b"))),
        ("http://h", lambda: env.url(NAME, schemes=("https",))),
        ("nonsense", lambda: env.url(NAME, schemes=("https",))),
        (None, lambda: env.url(NAME, None, schemes=("https",))),
        ("https://a.b/path", lambda: env.origins(NAME, ())),
        ("https://a.b/", lambda: env.origins(NAME, ())),
        ("*", lambda: env.origins(NAME, ())),
        ("https://*.b", lambda: env.origins(NAME, ())),
        ("a.b", lambda: env.origins(NAME, ())),
        ("USA", lambda: env.region(NAME, "US")),
        ("1€", lambda: env.region(NAME, "US")),
    ],
)
def test_a_bad_value_stops_the_boot_and_names_the_variable(monkeypatch, given, read):
    monkeypatch.delenv(NAME, raising=False)
    if given is not None:
        monkeypatch.setenv(NAME, given)

    with pytest.raises(ImproperlyConfigured, match=NAME):
        read()
