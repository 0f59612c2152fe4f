"""Small sessions of Kimi CLI and pi that read like real ones, written with a fixed clock.

Source of the formats: kimi-cli 1.49 wire and context logs, pi 0.87 session files version 3.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import attrs

START = 1_767_600_000
"""2026-01-05 08:00:00 UTC, in seconds; every session begins a number of minutes after it."""
KIMI_SYSTEM_PROMPT = "You are a coding agent working inside one project folder."
PI_MODEL = {"api": "anthropic-messages", "provider": "anthropic", "model": "claude-sonnet-4-5"}


@attrs.frozen
class Tool:
    """One tool call with its answer; without an answer it was cut off."""

    name: str
    arguments: dict[str, Any]
    output: str | None
    display: Sequence[dict[str, Any]] = ()
    """Blocks that Kimi shows beside the output."""
    helper: str | None = None
    """What a sub-agent said while it worked for this call."""


@attrs.frozen
class Turn:
    """A user's message and the steps that answer it: tools, then words."""

    user: str
    steps: Sequence[Tool | str]


class KimiWriter:
    """Writes one session folder of Kimi CLI."""

    def __init__(self, minutes: int) -> None:
        self.now = START + minutes * 60.0
        self.wire: list[Any] = [{"type": "metadata", "protocol_version": "1.10"}]
        self.context: list[Any] = [{"role": "_system_prompt", "content": KIMI_SYSTEM_PROMPT}]
        self.calls = 0
        self.tokens = 4000

    def turn(self, turn: Turn) -> Self:
        """Append a turn to both logs."""
        self._event("TurnBegin", {"user_input": turn.user})
        self.context.append({"role": "user", "content": turn.user})
        for number, step in enumerate(turn.steps, 1):
            self._event("StepBegin", {"n": number})
            if isinstance(step, Tool):
                self._tool(step)
            else:
                self._event("ContentPart", {"type": "text", "text": step})
                self.context.append({"role": "assistant", "content": step})
            self._status()
        if not (isinstance(turn.steps[-1], Tool) and turn.steps[-1].output is None):
            self._event("TurnEnd", {})
        return self

    def save(self, folder: Path, **state: Any) -> Path:
        """Write the folder; `state` goes into state.json."""
        folder.mkdir(parents=True)
        self._put(folder / "wire.jsonl", _lines(self.wire))
        self._put(folder / "context.jsonl", _lines(self.context))
        if state:
            self._put(folder / "state.json", json.dumps({"version": 1, **state}, indent=2).encode())
        return folder

    def _put(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        os.utime(path, (self.now, self.now))

    def _event(self, kind: str, payload: dict[str, Any]) -> None:
        self.now += 1.5
        self.wire.append({"timestamp": self.now, "message": {"type": kind, "payload": payload}})

    def _status(self) -> None:
        self.tokens += 350
        usage = {"input_other": 300, "output": 50, "input_cache_read": self.tokens - 350, "input_cache_creation": 0}
        self._event(
            "StatusUpdate",
            {"context_tokens": self.tokens, "max_context_tokens": 262144, "token_usage": usage, "message_id": None},
        )

    def _tool(self, tool: Tool) -> None:
        self.calls += 1
        call_id = f"call_{self.calls}"
        function = {"name": tool.name, "arguments": json.dumps(tool.arguments)}
        self._event("ToolCall", {"type": "function", "id": call_id, "function": function, "extras": None})
        call = {"type": "function", "id": call_id, "function": function}
        self.context.append({"role": "assistant", "content": [], "tool_calls": [call]})
        if tool.helper is not None:
            self._helper(call_id, tool.helper)
        if tool.output is None:
            return
        answer = {"is_error": False, "output": tool.output, "message": "", "display": list(tool.display)}
        self._event("ToolResult", {"tool_call_id": call_id, "return_value": {**answer, "extras": None}})
        self.context.append({"role": "tool", "content": tool.output, "tool_call_id": call_id})

    def _helper(self, call_id: str, said: str) -> None:
        events: Sequence[tuple[str, dict[str, Any]]] = (
            ("TurnBegin", {"user_input": "Find every caller of parse_price."}),
            ("StepBegin", {"n": 1}),
            ("ContentPart", {"type": "text", "text": said}),
            ("TurnEnd", {}),
        )
        for kind, payload in events:
            about = {"parent_tool_call_id": call_id, "agent_id": "a1b2c3d4e", "subagent_type": "explore"}
            self._event("SubagentEvent", {**about, "event": {"type": kind, "payload": payload}})


class PiWriter:
    """Writes one session file of pi, a tree of entries."""

    def __init__(self, session_id: str, work_dir: Path, minutes: int, parent: Path | None = None) -> None:
        self.now = (START + minutes * 60) * 1000
        self.id = session_id
        self.work_dir = work_dir
        self.leaf: str | None = None
        self.entries: list[dict[str, Any]] = []
        self.started = _iso(self.now)
        self.header: dict[str, Any] = {"type": "session", "version": 3, "id": session_id, "timestamp": self.started}
        self.header |= {"cwd": str(work_dir), **({"parentSession": str(parent)} if parent else {})}

    def entry(self, kind: str, **members: Any) -> str:
        """Append an entry under the leaf and give its id."""
        self.now += 1500
        made = hashlib.sha256(f"{self.id}/{len(self.entries)}".encode()).hexdigest()[:8]
        base = {"type": kind, "id": made, "parentId": self.leaf, "timestamp": _iso(self.now)}
        self.entries.append({**base, **members})
        self.leaf = made
        return made

    def begin(self) -> Self:
        """Append what pi writes before the first message."""
        self.entry("model_change", provider=PI_MODEL["provider"], modelId=PI_MODEL["model"])
        self.entry("thinking_level_change", thinkingLevel="medium")
        return self

    def turn(self, turn: Turn) -> Self:
        """Append a turn."""
        self._message(role="user", content=turn.user)
        for step in turn.steps:
            if isinstance(step, str):
                self._assistant([{"type": "text", "text": step}], "stop")
                continue
            call = {"type": "toolCall", "id": f"call_{len(self.entries)}", "name": step.name}
            self._assistant([{**call, "arguments": step.arguments}], "toolUse")
            content = [{"type": "text", "text": step.output}]
            self._message(role="toolResult", toolCallId=call["id"], toolName=step.name, content=content, isError=False)
        return self

    def copy_from(self, source: "PiWriter", until: str | None) -> Self:
        """Take over the entries of another session up to one of them, as pi does when it forks."""
        for entry in source.entries:
            self.entries.append(entry)
            self.leaf = entry["id"]
            if entry["id"] == until:
                break
        return self

    def save(self, sessions: Path, spoilt: bytes = b"") -> Path:
        """Write the file; `spoilt` goes before its last line as it is."""
        folder = sessions / ("--" + re.sub(r"[/\\:]", "-", str(self.work_dir).lstrip("/")) + "--")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (re.sub(r"[:.]", "-", self.started) + f"_{self.id}.jsonl")
        path.write_bytes(_lines([self.header, *self.entries[:-1]]) + spoilt + _lines(self.entries[-1:]))
        os.utime(path, (self.now / 1000, self.now / 1000))
        return path

    def _message(self, **message: Any) -> str:
        return self.entry("message", message={**message, "timestamp": self.now + 1400})

    def _assistant(self, content: list[Any], stop: str) -> None:
        cost = {"input": 0.0027, "output": 0.0006, "cacheRead": 0, "cacheWrite": 0, "total": 0.0033}
        usage = {"input": 900, "output": 40, "cacheRead": 0, "cacheWrite": 0, "totalTokens": 940, "cost": cost}
        self._message(role="assistant", content=content, **PI_MODEL, usage=usage, stopReason=stop)


def kimi_folder(share: Path, work_dir: Path) -> Path:
    """Give the folder Kimi keeps a work dir's sessions in."""
    return share / "sessions" / hashlib.md5(str(work_dir).encode()).hexdigest()


def write_kimi_index(share: Path, work_dirs: Sequence[tuple[Path, str]]) -> None:
    """Write kimi.json: work dirs, each with its last session."""
    rows = [{"path": str(path), "kaos": "local", "last_session_id": last} for path, last in work_dirs]
    index = share / "kimi.json"
    index.write_text(json.dumps({"work_dirs": rows}, indent=2))
    os.utime(index, (START, START))


def _iso(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _lines(values: Sequence[Any]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()
