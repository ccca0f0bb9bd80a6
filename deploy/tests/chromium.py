"""A real browser for the pages, by the DevTools protocol: Chromium without a window, a profile of its own."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
from websockets.sync.client import ClientConnection, connect

BINARY = shutil.which("chromium") or shutil.which("google-chrome")
_DEADLINE_S = 90


class Tab:
    """One page, looked at and typed into as a person does."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)

    def open(self, url: str) -> None:
        """Go to an address."""
        self._call("Page.navigate", url=url)

    def run(self, script: str) -> object:
        """Evaluate JavaScript in the page, and give what it comes to; None while the page is being replaced."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer.get("result", {}).get("value")

    def wait_for(self, selector: str, text: str = "") -> None:
        """Wait until an element that holds the text is there."""
        element = f"document.querySelector({json.dumps(selector)})"
        script = f"document.readyState == 'complete' && ({element}?.textContent ?? null)"
        deadline = time.monotonic() + _DEADLINE_S
        while not (isinstance(found := self.run(script), str) and text in found):
            assert time.monotonic() < deadline, self.run("document.body.innerText")
            time.sleep(0.1)

    def type_into(self, selector: str, text: str) -> None:
        """Put the cursor into a field and type."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self._call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Bring an element into sight, and click at its middle."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{element}.scrollIntoView({{block: 'center'}})")
        at = self.run(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({element}.getBoundingClientRect())")
        assert isinstance(at, list)
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)

    def _call(self, method: str, **parameters: object) -> dict[str, dict[str, object]]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=_DEADLINE_S))
            if message.get("id") == number:
                result: dict[str, dict[str, object]] = message.get("result", {})
                return result


@contextmanager
def open_tab() -> Iterator[Tab]:
    """Start Chromium, and hand over its tab."""
    assert BINARY
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [BINARY, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--disable-gpu"]
        # Its sandbox does not run as root.
        command += ["--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else []), "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_find_tab(Path(profile, "DevToolsActivePort")), max_size=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
            process.wait(30)


def _find_tab(file: Path) -> str:
    """Read the port from where Chromium writes it, and ask for the address of its tab."""
    deadline = time.monotonic() + _DEADLINE_S
    while not (file.exists() and file.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    port = file.read_text().split()[0]
    tabs = httpx.get(f"http://127.0.0.1:{port}/json/list", timeout=_DEADLINE_S).json()
    return next(str(tab["webSocketDebuggerUrl"]) for tab in tabs if tab["type"] == "page")
