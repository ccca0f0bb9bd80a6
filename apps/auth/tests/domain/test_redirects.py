"""Addresses: which may be registered, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.auth.domain.redirects import find_fault, form_target, is_registered, shown_host

pytestmark = pytest.mark.once

GOOD = [
    ("https://app.example/callback", False),
    ("https://app.example:8443/callback?tenant=1", False),
    ("https://xn--pp-xka.example/", False),
    ("http://127.0.0.1/callback", True),
    ("http://[::1]:8080/callback", True),
    ("http://localhost:3000/callback", False),
    ("com.example.tv:/callback", True),
    ("com.example.tv://callback", True),
]
BAD = [
    ("", True),
    ("/callback", True),
    ("//app.example/callback", True),
    ("app.example/callback", True),
    ("http://app.example/callback", True),
    ("http://127.0.0.1.evil.example/", True),
    ("http://localhost.evil.example/", True),
    ("https://", False),
    ("https:/app.example", False),
    ("https:app.example", False),
    ("https://app.example/#x", False),
    ("https://app.example/#", False),
    ("https://*.example/", False),
    ("https://user@app.example/", False),
    ("https://app.example:port/", False),
    ("https://app.example/ callback", False),
    ("https://app.example\\@evil.example/", False),
    ("https://аpp.example/", False),
    ("HTTPS://app.example/", False),
    ("https://APP.example/", False),
    ("javascript:alert(1)", True),
    ("data:text/html,x", True),
    ("file:///etc/passwd", True),
    ("myapp:/callback", True),
    ("com.example.tv:/callback", False),
    ("com.example.tv:callback", True),
    ("https://app.example/" + "x" * 512, False),
]


@pytest.mark.parametrize(("uri", "is_public"), GOOD)
def test_what_a_client_may_register(uri, is_public):
    """RFC 6749 §3.1.2, RFC 8252 §7."""
    assert find_fault(uri, is_public=is_public) is None
    assert is_registered(uri, (uri,), is_public=is_public)


@pytest.mark.parametrize(("uri", "is_public"), BAD)
def test_what_nobody_may_register(uri, is_public):
    assert find_fault(uri, is_public=is_public)


@pytest.mark.parametrize(
    ("asked", "is_public", "fits"),
    [
        ("http://127.0.0.1:51004/callback", True, True),
        ("http://127.0.0.1:51004/callback", False, False),
        ("http://127.0.0.1:51004/other", True, False),
        ("http://127.0.0.1:51004/callback?x=1", True, False),
        ("http://127.0.0.2:51004/callback", True, False),
        ("http://localhost:51004/callback", True, False),
        ("https://127.0.0.1:51004/callback", True, False),
        ("http://127.0.0.1@evil.example/callback", True, False),
        ("http://127.0.0.1:99999999/callback", True, False),
    ],
)
def test_on_the_own_machine_the_port_is_free(asked, is_public, fits):
    """RFC 8252 §7.3, the one exception of RFC 9700 §2.1."""
    assert is_registered(asked, ("http://127.0.0.1/callback",), is_public=is_public) is fits


@given(st.text(max_size=60), st.booleans())
def test_nothing_but_the_registered_fits(text, is_public):
    """Character by character, whatever is tried; and nothing breaks."""
    known = "https://app.example/callback"

    assert is_registered(text, (known,), is_public=is_public) is (text == known)
    assert is_registered(known + text, (known,), is_public=is_public) is (not text)
    find_fault(text, is_public=is_public)


@pytest.mark.parametrize(
    ("uri", "target", "host"),
    [
        ("https://app.example/callback", "https://app.example", "app.example"),
        ("http://[::1]:80/x", "http://[::1]:80", "[::1]:80"),
        ("com.example.tv:/callback", "com.example.tv:", "com.example.tv"),
    ],
)
def test_policies_and_people_read_the_origin(uri, target, host):
    assert (form_target(uri), shown_host(uri)) == (target, host)
