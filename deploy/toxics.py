"""Toxiproxy between the product and its stores: latency, cuts, resets and slow closes, one at a time or together."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.clusters import free_port, wait_for
from deploy.tests.served import ROOT

_SERVER = ROOT / ".tools" / "bin" / "toxiproxy-server"
#: Fault -> toxics of Toxiproxy: type, stream, attributes. A cut is no toxic but a proxy that is turned off.
FAULTS: dict[str, tuple[tuple[str, str, dict[str, int]], ...]] = {
    "latency": (("latency", "downstream", {"latency": 150, "jitter": 50}),),
    "cut": (),
    "reset": (("reset_peer", "downstream", {"timeout": 0}), ("reset_peer", "upstream", {"timeout": 0})),
    "slow close": (("slow_close", "downstream", {"delay": 2000}),),
    "silence": (("timeout", "downstream", {"timeout": 0}), ("timeout", "upstream", {"timeout": 0})),
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy: what it is called, and the port that clients use."""

    api: str
    name: str
    port: int

    @contextmanager
    def suffering(self, fault: str) -> Iterator[None]:
        """Have a fault while the block lasts."""
        toxics = FAULTS[fault]
        if not toxics:
            self._update(enabled=False)
        for kind, stream, attributes in toxics:
            toxic = {"name": f"{kind}-{stream}", "type": kind, "stream": stream, "attributes": attributes}
            _call(self.api, "POST", f"/proxies/{self.name}/toxics", toxic)
        try:
            yield
        finally:
            for kind, stream, _ in toxics:
                _call(self.api, "DELETE", f"/proxies/{self.name}/toxics/{kind}-{stream}")
            if not toxics:
                self._update(enabled=True)

    def point_to(self, port: int) -> None:
        """Lead to another server from now on; connections to the last one end, as with a moved address."""
        self._update(upstream=f"127.0.0.1:{port}")

    def _update(self, **changes: object) -> None:
        _call(self.api, "POST", f"/proxies/{self.name}", changes)


@contextmanager
def toxiproxy(**upstreams: int) -> Iterator[dict[str, Proxy]]:
    """Run Toxiproxy with a proxy in front of each port."""
    port = free_port()
    api = f"http://127.0.0.1:{port}"
    command = [str(_SERVER), "-host", "127.0.0.1", "-port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _is_up(api), 60)
        proxies = {}
        for name, upstream in upstreams.items():
            proxies[name] = Proxy(api, name, free_port())
            listen = f"127.0.0.1:{proxies[name].port}"
            _call(api, "POST", "/proxies", {"name": name, "listen": listen, "upstream": f"127.0.0.1:{upstream}"})
        yield proxies
    finally:
        process.terminate()
        process.wait(10)


def _is_up(api: str) -> bool:
    try:
        _call(api, "GET", "/version")
    except httpx.ConnectError:
        return False
    return True


def _call(api: str, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    # Toxiproxy refuses what a browser may have sent.
    headers = {"User-Agent": "mediagateway-chaos"}
    httpx.request(method, f"{api}{path}", json=body, headers=headers, timeout=10).raise_for_status()
