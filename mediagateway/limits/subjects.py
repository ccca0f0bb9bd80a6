"""Whom a request is counted for: the API key, else the account, else the client's address."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from mediagateway.principal import Principal

#: What one household or one machine has of IPv6; counting single addresses would count nothing.
_IPV6_PREFIX = 64


def subject_of(principal: Principal | None, request: HttpRequest) -> str:
    """Name whom to count, as `LimitOverride.subject` does."""
    if principal is None:
        return f"address:{client_address(request)}"
    if principal.actor_id is not None:
        # What an admin does as somebody is not at that one's expense.
        return f"account:{principal.actor_id}"
    if principal.api_key_id is not None:
        return f"key:{principal.api_key_id}"
    if principal.account_id is not None:
        return f"account:{principal.account_id}"
    return f"client:{principal.client_id}"


def client_address(request: HttpRequest) -> str:
    """
    Tell where a request comes from: the last address of `X-Forwarded-For` that is no trusted proxy's.

    What stands before that one was written by the client and may be anything. IPv6 is given as its /64 network.
    """
    meta = request.META
    return _client_address(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), tuple(settings.TRUSTED_PROXIES)
    )


def page_key(_group: str, request: HttpRequest) -> str:
    """Name the client to django-ratelimit, which guards the pages that are not in the table."""
    return client_address(request)


@lru_cache(maxsize=4096)
def _client_address(peer: str, forwarded_for: str, trusted: tuple[str, ...]) -> str:
    """Walk back from the peer for as long as proxies vouch for the address before them."""
    client = _parse(peer)
    networks = [ip_network(text, strict=False) for text in trusted]
    for text in reversed(forwarded_for.split(",")):
        # A peer without an address is a Unix socket: whoever may open it is trusted.
        if client is not None and not any(client in network for network in networks):
            break
        hop = _parse(text.strip())
        if hop is None:
            break
        client = hop
    if isinstance(client, IPv6Address):
        return str(IPv6Network((client, _IPV6_PREFIX), strict=False))
    return str(client or "local")


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; IPv4 in IPv6's clothes is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
