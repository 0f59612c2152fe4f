"""A real Kimi CLI over a home of its own, and Forkpoint's operations on the same home."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.services import Services, SilentCall
from tests.agents.real_tools import Program
from tests.end_to_end.server_process import server_environment

Answer = dict[str, Any]

SCRIPT = Path(__file__).with_name("real_kimi.py")


def call(name: str, command: str = "echo it") -> str:
    """Give the line by which the scripted model calls a tool."""
    arguments = json.dumps({"command": command})
    return "tool_call: " + json.dumps({"id": name, "name": "Shell", "arguments": arguments})


TURNS: Sequence[Answer] = (
    {
        "text": "first turn",
        "answers": [f"think: hm\ntext: looking\n{call('c1')}\n{call('c2')}\nusage: input_other=9 output=2", "text: so"],
    },
    {"text": "second turn", "steer": "and hurry", "answers": [f"text: on it\n{call('c3')}", "text: hurried"]},
    {"text": "/compact", "answers": ["text: A summary of two turns."]},
    {"text": "third turn", "answers": ["text: gladly"]},
    {"text": "fourth turn", "answers": [f"text: again\n{call('c4')}", "text: so"]},
    {"text": "/clear"},
    {"text": "fifth turn", "answers": [f"text: afresh\n{call('c5')}", "text: done"]},
)
"""Calls side by side, a message while a turn ran, a compaction, answers that are the same, and a cleared context."""


@attrs.frozen
class Kimi:
    """Kimi CLI, with its sessions under a home."""

    program: Program
    home: Path
    work_dir: Path

    @classmethod
    def over(cls, program: Program, home: Path) -> "Kimi":
        """Make a home that Kimi has no session in."""
        work_dir = home / "my project"
        work_dir.mkdir()
        return cls(program, home, work_dir)

    @property
    def share(self) -> Path:
        """Its folder."""
        return self.home / ".kimi"

    def ask(self, *requests: Answer) -> list[Any]:
        """Have it answer requests; it works in the work dir where nothing else is said."""
        environment = {**server_environment(self.home), "KIMI_SHARE_DIR": str(self.share)}
        return self.program.ask(environment, [{"cwd": str(self.work_dir), **request} for request in requests])

    def services(self) -> Services:
        """Give Forkpoint's services over the same home."""
        settings = Settings(homes={"kimi": (str(self.share),), "pi": ()})
        assembly = Assembly(lambda: settings, list, str(self.home), str(self.home / ".forkpoint-state"))
        return assembly.services(SilentCall())


def work(turns: Sequence[Answer] = TURNS, **more: Any) -> Answer:
    """Ask for turns."""
    return {"do": "work", "turns": turns, **more}


def opened(session_ids: Sequence[str]) -> Answer:
    """Ask what Kimi makes of sessions."""
    return {"do": "open", "ids": [native(session_id) for session_id in session_ids]}


def native(session_id: str) -> str:
    """Give what Kimi calls a session of ours."""
    return session_id.removeprefix("kimi:")


def web(method: str, path: str = "", **more: Any) -> Answer:
    """Ask for a call of Kimi's own session API."""
    return {"do": "web", "method": method, "path": f"/api/sessions/{path}", **more}


def words(messages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Tell messages of a context in words: who speaks, with which text, or about which call."""
    told: list[tuple[str, str]] = []
    for message in messages:
        content: Any = message["content"]
        texts = [content] if isinstance(content, str) else [part.get("text", "") for part in content]
        if message["role"] == "tool":
            told.append(("interrupted" if "interrupted" in texts[0] else "result", message["tool_call_id"]))
            continue
        told += [(message["role"], text) for text in texts if text]
        told += [("call", each["id"]) for each in message.get("tool_calls", ())]
    return told
