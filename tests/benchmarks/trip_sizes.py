"""What travels in the round trips."""

import json
from typing import Any

from tests.end_to_end.server_process import frame

PAGE_ENTRIES = 150
PAGE_TEXT = 270
"""Characters of text in an entry, so that a page of 150 has about 100 KB."""


def page_entry(number: int) -> dict[str, Any]:
    """Give one entry of a page as it is on the wire: an assistant's text and the call of a tool."""
    return {
        "entryId": f"{number:08x}",
        "parentId": f"{number - 1:08x}",
        "kind": "assistant",
        "agentKind": "message",
        "content": [
            {"type": "text", "text": text_of(number)},
            {
                "type": "toolCall",
                "callId": f"call_{number}",
                "name": "read",
                "arguments": {"path": "src/main.py", "offset": number, "limit": 200},
                "state": "done",
            },
        ],
        "turn": number // 10,
        "at": 1_700_000_000_000 + number,
        "usage": {"input": 1000 + number, "output": 50, "cacheRead": 9000, "cacheWrite": 70, "total": 11_000 + number},
    }


def text_of(number: int) -> str:
    """Give the text of an entry."""
    return (f'def function_{number}(value):\n    """Say \\"hello\\"."""\n' * 20)[:PAGE_TEXT]


def echo_request(size: int) -> bytes:
    """Give the frame of an echo whose params are entries, about `size` bytes in all."""
    one = len(json.dumps(page_entry(0)))
    return _request("trip/echo", {"value": [page_entry(number) for number in range(max(1, size // one))]})


def page_request() -> bytes:
    """Give the frame of a request for a page."""
    return _request("trip/page", {})


def empty_request() -> bytes:
    """Give the frame of a request that asks for nothing."""
    return _request("agents/list", {})


def _request(method: str, params: Any) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode())
