"""Where an authorization code may be sent: which addresses a client may register, and which one a request may name."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

#: RFC 8252 §7.3: the machine on which the client itself runs.
_LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})
#: RFC 3986 without what no address needs; everything else is written in percent signs.
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+\Z")
#: RFC 8252 §7.1: a scheme of one's own is a domain name in reverse, so that it holds a dot.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9+\-]*(\.[a-z0-9+\-]+)+\Z")
_MAX_LENGTH = 512


class _Parts(NamedTuple):
    scheme: str
    host: str
    rest: str


def find_fault(uri: str, *, is_public: bool) -> str | None:
    """
    Say what is wrong with an address that a client would register (RFC 6749 §3.1.2, RFC 8252 §7); None when nothing is.

    Args:
        uri: The address.
        is_public: Whether the client is one that runs with its user: only those may have a scheme of their own.
    """
    if len(uri) > _MAX_LENGTH or not _ALLOWED.match(uri):
        return f"An address has at most {_MAX_LENGTH} characters, no fragment and no wildcard."
    parts = _split(uri)
    if parts is None:
        return "This is not an absolute address without a user name."
    if parts.scheme == "https":
        return None if parts.host else "An address on the web names its host."
    if parts.scheme == "http":
        is_here = parts.host in _LOOPBACK_ADDRESSES or parts.host == "localhost"
        return None if is_here else "Without TLS only the own machine may be named."
    if not is_public:
        return "A client with a secret has an address on the web."
    return None if _OWN_SCHEME.match(parts.scheme) else "A scheme of one's own is a domain name in reverse."


def is_registered(uri: str, registered: tuple[str, ...], *, is_public: bool) -> bool:
    """
    Say whether a request may name this address: character by character one of the registered (RFC 9700 §2.1).

    The one exception is the same section's: the port at a loopback address, where an app listens on what is free.
    """
    if uri in registered:
        return True
    if not is_public:
        return False
    asked = _loopback_without_port(uri)
    return asked is not None and asked in {_loopback_without_port(known) for known in registered}


def form_target(uri: str) -> str:
    """Name the address's origin as a content policy writes it: browsers ask `form-action` after a redirect too."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def shown_host(uri: str) -> str:
    """Name whom the code goes to, for a person."""
    parts = urlsplit(uri)
    return parts.netloc or parts.scheme


def _loopback_without_port(uri: str) -> _Parts | None:
    parts = _split(uri) if _ALLOWED.match(uri) else None
    return parts if parts and parts.scheme == "http" and parts.host in _LOOPBACK_ADDRESSES else None


def _split(uri: str) -> _Parts | None:
    """Take an address apart, without its port; None when it is none, or one that reads differently to others."""
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    if not parts.scheme or "@" in parts.netloc or (not parts.netloc and not parts.path.startswith("/")):
        return None
    # Compared as they were written: urlsplit lower-cases the scheme and the host.
    if not uri.startswith(f"{parts.scheme}:") or (parts.hostname or "") not in parts.netloc:
        return None
    return _Parts(parts.scheme, parts.hostname or "", f"{parts.path}?{parts.query}")
