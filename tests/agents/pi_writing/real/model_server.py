"""A model on loopback: it answers every chat completion with one word, and keeps what was asked."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs

ANSWER = "gladly"
_CHUNKS: tuple[dict[str, Any], ...] = (
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ANSWER}}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}},
)


@attrs.frozen
class Model:
    """The server."""

    url: str
    asked: list[dict[str, Any]] = attrs.Factory(list[dict[str, Any]])
    """The body of every request."""

    def make_default(self, agent: Path) -> None:
        """Make it the model of a pi, whose folder is given."""
        cost = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
        model = {"id": "m", "name": "M", "reasoning": False, "input": ["text"], "cost": cost}
        provider = {
            "baseUrl": f"{self.url}/v1",
            "api": "openai-completions",
            "apiKey": "none",
            "models": [{**model, "contextWindow": 128000, "maxTokens": 4096}],
        }
        settings = {"defaultProvider": "loopback", "defaultModel": "m", "quietStartup": True}
        (agent / "models.json").write_text(json.dumps({"providers": {"loopback": provider}}))
        (agent / "settings.json").write_text(json.dumps(settings))


@contextmanager
def model_server() -> Generator[Model]:
    """Serve until the context is left."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            for chunk in _CHUNKS:
                line = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", **chunk}
                self.wfile.write(b"data: " + json.dumps(line).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Model(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
