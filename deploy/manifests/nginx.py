"""nginx in front of one machine's groups: the same prefixes as the ingress."""

from collections.abc import Mapping, Sequence

from settings.groups import GROUPS

_HEAD = """\
# Written by `python -m deploy.manifests` from settings/groups.py.
# Included in the http block of a server that ends TLS; every group is reached by its name.

"""
# A request that never reached a replica goes to the next one. One that may have reached it is repeated only if the
# method allows it: nginx does not repeat POST by itself (RFC 9110, 9.2.2).
_SERVER = """
map $http_upgrade $mediagateway_connection {
    default upgrade;
    "" "";
}

server {
    listen %(listen)s;
    server_tokens off;
    client_max_body_size 6m;
    # Longer than a client waits between two requests, shorter than the groups' own 75 s.
    keepalive_timeout 60s;

    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Request-ID $http_x_request_id;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $mediagateway_connection;
    proxy_connect_timeout 1s;
    proxy_read_timeout 65s;
    proxy_next_upstream error timeout http_502;
    proxy_next_upstream_tries 3;

    # Not for the public: the monitoring reads it from each replica.
    location = /metrics {
        return 404;
    }

%(locations)s}
"""


def render(replicas: Mapping[str, Sequence[str]], *, listen: str = "8000") -> str:
    """
    Write the upstreams and the server.

    Args:
        replicas: Group -> its replicas as host:port.
        listen: What nginx listens on, in its own words.
    """
    upstreams = "\n".join(_upstream(name, replicas[name]) for name in GROUPS)
    prefixes = sorted(
        ((prefix, group.name) for group in GROUPS.values() for prefix in group.prefixes),
        key=lambda entry: (-len(entry[0]), entry[0]),
    )
    locations = "\n".join(_location(prefix, name) for prefix, name in prefixes)
    return _HEAD + upstreams + _SERVER % {"listen": listen, "locations": locations}


def _upstream(name: str, servers: Sequence[str]) -> str:
    lines = "".join(f"    server {server} max_fails=1 fail_timeout=2s;\n" for server in servers)
    return f"upstream {name} {{\n    least_conn;\n{lines}    keepalive 32;\n}}\n"


def _location(prefix: str, name: str) -> str:
    """Match whole segments only, as an Ingress does: /auth and /auth/…, and not /authors."""
    if prefix == "/":
        return f"    location / {{\n        proxy_pass http://{name};\n    }}\n"
    return (
        f"    location = {prefix} {{\n        proxy_pass http://{name};\n    }}\n"
        f"    location {prefix}/ {{\n        proxy_pass http://{name};\n    }}\n"
    )
