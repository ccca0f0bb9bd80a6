"""Typed readers of environment variables; a bad or missing value stops the boot and names the variable."""

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_KEY_BYTES = 32


def text(name: str, default: str | None = None, *, min_length: int = 0) -> str:
    """
    Read a string.

    Args:
        name: The variable.
        default: Value when unset or empty; None makes the variable required.
        min_length: Shortest value accepted from the environment, in characters.

    Raises:
        ImproperlyConfigured: The variable is required and unset, or too short.
    """
    value = os.environ.get(name, "")
    if value == "":
        if default is None:
            raise ImproperlyConfigured(f"{name} is required and not set.")
        return default
    if len(value) < min_length:
        raise ImproperlyConfigured(f"{name} must have at least {min_length} characters.")
    return value


def secret(name: str, default: bytes | None = None) -> bytes:
    """
    Read a key of 32 bytes, written in base64.

    Raises:
        ImproperlyConfigured: The variable is required and unset, or not 32 bytes in base64.
    """
    written = text(name, None if default is None else base64.b64encode(default).decode())
    try:
        key = base64.b64decode(written, validate=True)
    except ValueError as err:
        raise ImproperlyConfigured(f"{name} must be base64.") from err
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {_KEY_BYTES} bytes in base64 (`openssl rand -base64 32`).")
    return key


def integer(name: str, default: int, *, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
    """
    Read a whole number between two bounds, both included.

    Raises:
        ImproperlyConfigured: Not a whole number, or out of bounds.
    """
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as err:
        raise ImproperlyConfigured(f"{name} must be a whole number, got {value!r}.") from err
    if not minimum <= number <= maximum:
        raise ImproperlyConfigured(f"{name} must be between {minimum} and {maximum}, got {number}.")
    return number


def ratio(name: str, default: float) -> float:
    """
    Read a number between 0 and 1.

    Raises:
        ImproperlyConfigured: Not a number, or out of bounds.
    """
    value = text(name, str(default))
    try:
        number = float(value)
    except ValueError as err:
        raise ImproperlyConfigured(f"{name} must be a number, got {value!r}.") from err
    if not 0.0 <= number <= 1.0:
        raise ImproperlyConfigured(f"{name} must be between 0 and 1, got {number}.")
    return number


def flag(name: str, default: bool) -> bool:  # noqa: FBT001 -- a reader's default is its value, not a switch
    """
    Read a boolean: 1/true/yes/on or 0/false/no/off.

    Raises:
        ImproperlyConfigured: Any other word.
    """
    value = text(name, "1" if default else "0").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of {sorted(_TRUE | _FALSE)}, got {value!r}.")


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Read a comma-separated list; blanks around the items and empty items are dropped."""
    value = text(name, ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()]


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """
    Read one word of a closed set.

    Raises:
        ImproperlyConfigured: Another word.
    """
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(among)}, got {value!r}.")
    return value


def folder(name: str, default: Path) -> Path:
    """Read a path, made absolute. The folder is not created here."""
    return Path(text(name, str(default))).expanduser().resolve()


def url(name: str, default: str | None = "", *, schemes: tuple[str, ...]) -> str:
    """
    Read a URL of one of the given schemes; an empty default means "not configured", None makes it required.

    Raises:
        ImproperlyConfigured: Required and unset, another scheme, or no host.
    """
    value = text(name, default)
    if value:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ImproperlyConfigured(f"{name} must be a URL with scheme {' or '.join(schemes)}.")
    return value


def origins(name: str, default: tuple[str, ...]) -> list[str]:
    """
    Read a comma-separated list of web origins, as browsers write them: scheme, host, port unless it is the usual one.

    Raises:
        ImproperlyConfigured: An item is no http(s) origin, or says more than one, such as a path or a wildcard.
    """
    values = words(name, default)
    for value in values:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or value != f"{parts.scheme}://{parts.netloc}" or "*" in value:
            raise ImproperlyConfigured(f"{name} must list origins such as https://app.example.com, got {value!r}.")
    return values


def region(name: str, default: str) -> str:
    """
    Read an ISO 3166-1 alpha-2 code, in either case.

    Raises:
        ImproperlyConfigured: Anything but two letters.
    """
    value = text(name, default).upper()
    if len(value) != 2 or not (value.isascii() and value.isalpha()):
        raise ImproperlyConfigured(f"{name} must be an ISO 3166-1 alpha-2 code, got {value!r}.")
    return value
