"""The real server on a home: requests by method, their replies timed and, where they are large, not decoded."""

import json
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.pipe_client import PipeClient, pipe_client
from tests.end_to_end.server_process import frame

REPLY = re.compile(rb'^\{(?:"jsonrpc":"2\.0",)?"id":(\d+)')
"""How the server writes a reply; everything else it sends is a notification or a request."""


class RawServer:
    """One running server."""

    def __init__(self, pipe: PipeClient) -> None:
        self._pipe = pipe
        self._last_id = 0

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._pipe.write(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    def begin(self, method: str, params: Any) -> int:
        """Send a request and give its id."""
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params})
        return self._last_id

    def request(self, method: str, params: Any) -> Any:
        """Send a request, wait for its reply and give the result, decoded."""
        return json.loads(bytes(self._wait(self.begin(method, params))))["result"]

    def timed(self, method: str, params: Any) -> float:
        """Give the milliseconds until the whole reply to a request was read."""
        begun = time.perf_counter()
        self._wait(self.begin(method, params))
        return (time.perf_counter() - begun) * 1000

    def next_reply(self) -> int:
        """Read frames until the next reply and give its id."""
        while True:
            found = REPLY.match(body := self._pipe.read_frame())
            if found is None:
                continue
            if b'"error":' in bytes(body[:60]):
                raise RuntimeError(f"no result: {bytes(body[:500])!r}")
            self._latest = body
            return int(found[1])

    def _wait(self, number: int) -> memoryview:
        while self.next_reply() != number:
            pass
        return self._latest

    def peak_memory(self) -> float:
        """The most memory the server has had resident, in megabytes (Linux)."""
        status = Path(f"/proc/{self._pipe.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


@contextmanager
def raw_server(home: Path, *folders: Path) -> Generator[RawServer]:
    """A server on a home, with workspace folders, that has answered one empty request."""
    with pipe_client(home, "forkpoint") as pipe:
        server = RawServer(pipe)
        workspace = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        params: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}, "workspaceFolders": workspace}
        server.request("initialize", params)
        server.send({"method": "initialized", "params": {}})
        server.request("workDirs/startup", {})
        yield server
