"""Turns of Kimi CLI written as its wire log and its context, with filler text that only a seed decides.

Source of the format: kimi-cli 1.49, wire protocol 1.10.
"""

import json
import os
import random
from pathlib import Path
from typing import Any, NamedTuple

WIRE_VERSION = "1.10"
WINDOW = 262144
"""The model's context window, in tokens."""


def _words(text: str) -> list[str]:
    return text.split()


WORDS = _words(
    "parser index cursor buffer socket retry cache layout token branch merge widget "
    "column filter queue worker signal thread config module schema record stream reader "
    "writer folder symlink commit rebase checksum offset window panel editor completion "
    "diagnostic hover rename archive session fork turn prompt upload replay search title "
    "timeout latency budget limit encode decode unicode quote escape pattern guard policy"
)
VERBS = _words("fix explain refactor review speed up document test rename split remove trace profile")
CJK = ("修复登录超时问题", "为解析器添加测试", "日本語のタイトルを確認する", "세션 목록 정리")
EMOJI = ("🚀 ship the release notes", "🧪 flaky test hunt", "naïve café résumé handling")
EXTENSIONS = ("py", "ts", "rs", "md", "toml", "json", "css")
SYSTEM_PROMPT = (
    "You are a coding agent working inside one project folder. "
    "Read before you write, keep edits small, run the tests that cover what you changed. "
)

Json = dict[str, Any]


def spaced(value: Any) -> str:
    """One record as the wire log has it: blanks after separators, raw UTF-8."""
    return json.dumps(value, ensure_ascii=False)


def tight(value: Any) -> str:
    """One message as the context has it: no blanks, raw UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def put(path: Path, data: str | bytes, mtime: float) -> None:
    """Write a file and set its times."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    os.utime(path, (mtime, mtime))


class Filler:
    """Text drawn from a pool that is made once, so that large stores are written quickly."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.sentences = [self._sentence() for _ in range(400)]
        self.code = [self._function() for _ in range(200)]

    def _sentence(self) -> str:
        count = self.rng.randint(6, 18)
        sentence = " ".join(self.rng.choice(WORDS) for _ in range(count))
        return sentence[0].upper() + sentence[1:] + "."

    def _function(self) -> str:
        a, b, c = (self.rng.choice(WORDS) for _ in range(3))
        number = self.rng.randint(0, 99)
        return f'    def {a}_{b}(self, {c}: int = {number}) -> str:\n        return f"{{{c}}}:{a}"  # {b}\n'

    def prose(self, characters: int) -> str:
        """Sentences of at least so many characters."""
        found: list[str] = []
        size = 0
        while size < characters:
            sentence = self.rng.choice(self.sentences)
            found.append(sentence)
            size += len(sentence) + 1
        return " ".join(found)

    def source(self, characters: int) -> str:
        """Program text of at least so many characters."""
        found: list[str] = []
        size = 0
        while size < characters:
            function = self.rng.choice(self.code)
            found.append(function)
            size += len(function)
        return "".join(found)

    def prompt(self) -> str:
        """What a user might ask."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.06:
            return rng.choice(CJK)
        if kind < 0.10:
            return rng.choice(EMOJI)
        verb, first, second, folder, name = (rng.choice(pool) for pool in (VERBS, WORDS, WORDS, WORDS, WORDS))
        head = f"{verb} the {first} {second} in {folder}/{name}.{rng.choice(EXTENSIONS)}"
        return head + "\n\n" + self.prose(rng.randint(80, 900)) if kind < 0.35 else head


class ToolRun(NamedTuple):
    """One tool call with what it gave back."""

    name: str
    arguments: str
    """JSON, as both logs store it."""
    returned: Json
    content: Any
    """The content of the context's tool message."""


class SessionWriter:
    """Builds wire.jsonl and context.jsonl side by side."""

    def __init__(self, rng: random.Random, filler: Filler, clock: float) -> None:
        self.rng, self.filler, self.clock = rng, filler, clock
        self.wire = [spaced({"type": "metadata", "protocol_version": WIRE_VERSION})]
        self.context = [json.dumps({"role": "_system_prompt", "content": SYSTEM_PROMPT * 60})]
        self.checkpoint = 0
        self.tokens = 4000
        self.calls = 0
        self.wire_bytes = 0

    # -- lines --------------------------------------------------------------------------------------------------

    def event(self, kind: str, payload: Json) -> None:
        """Append a record to the wire log, a moment later."""
        self.clock += self.rng.uniform(0.002, 0.4)
        line = spaced({"timestamp": round(self.clock, 6), "message": {"type": kind, "payload": payload}})
        self.wire.append(line)
        self.wire_bytes += len(line.encode()) + 1

    def take_back(self) -> None:
        """Remove the last record of the wire log."""
        self.wire_bytes -= len(self.wire.pop().encode()) + 1

    def mark(self) -> None:
        """Append a checkpoint to the context."""
        self.context.append(json.dumps({"role": "_checkpoint", "id": self.checkpoint}))
        self.checkpoint += 1

    def message(self, **fields: Any) -> None:
        """Append a message to the context."""
        self.context.append(tight(fields))

    def call(self, call_id: str, name: str, arguments: str) -> Json:
        """Append a tool call to the wire log; gives it as the context has it."""
        function = {"name": name, "arguments": arguments}
        self.event("ToolCall", {"type": "function", "id": call_id, "function": function, "extras": None})
        return {"type": "function", "id": call_id, "function": function}

    def call_id(self) -> str:
        """Give the next call's id."""
        self.calls += 1
        return f"call_{self.calls:04d}_{self.rng.getrandbits(32):08x}"

    def _usage(self, add: int) -> None:
        self.tokens += add
        self.context.append(json.dumps({"role": "_usage", "token_count": self.tokens}))

    def _status(self, message_id: str) -> None:
        payload = {
            "context_usage": round(self.tokens / WINDOW, 6),
            "context_tokens": self.tokens,
            "max_context_tokens": WINDOW,
            "token_usage": {
                "input_other": self.rng.randint(200, 3000),
                "output": self.rng.randint(20, 900),
                "input_cache_read": max(0, self.tokens - 3000),
                "input_cache_creation": 0,
            },
            "message_id": message_id,
            "plan_mode": False,
            "mcp_status": None,
        }
        self.event("StatusUpdate", payload)

    # -- tools --------------------------------------------------------------------------------------------------

    def tool(self, size: int) -> ToolRun:
        """Run one of the usual tools on nothing; its output has about so many characters."""
        rng, filler = self.rng, self.filler
        path = f"src/{rng.choice(WORDS)}/{rng.choice(WORDS)}.{rng.choice(EXTENSIONS)}"
        kind = rng.random()
        if kind < 0.35:
            output = filler.source(size)
            lines = output.count("\n")
            said = f"{lines} lines read from file starting from line 1."
            return _ran("ReadFile", {"path": path, "line_offset": 1, "n_lines": 1000}, output, said)
        if kind < 0.60:
            arguments = {"command": f"rg -n {rng.choice(WORDS)} src | head -50", "timeout": 60}
            return _ran("Shell", arguments, filler.source(size // 2), "Command executed successfully.")
        if kind < 0.80:
            return self._edit(path)
        if kind < 0.90:
            arguments = {"pattern": rng.choice(WORDS), "path": "src"}
            return _ran("Grep", arguments, "\n".join(self._hit() for _ in range(max(1, size // 120))), "")
        if kind < 0.96:
            states = ("done", "in_progress", "pending")
            items = [{"title": rng.choice(filler.sentences), "status": state} for state in states]
            display = [{"type": "todo", "items": items}]
            return _ran("SetTodoList", {"todos": items}, "Todo list updated", "Todo list updated", display)
        display = [{"type": "brief", "text": "File not found"}]
        return _ran("ReadFile", {"path": path}, "", f"`{path}` does not exist.", display, failed=True)

    def _edit(self, path: str) -> ToolRun:
        old, new = self.filler.source(160), self.filler.source(220)
        diff = {
            "type": "diff",
            "path": path,
            "old_text": old,
            "new_text": new,
            "old_start": self.rng.randint(1, 400),
            "new_start": self.rng.randint(1, 400),
            "is_summary": False,
        }
        said = "File successfully edited. Applied 1 edit(s) with 1 total replacement(s)."
        return _ran("StrReplaceFile", {"path": path, "edit": {"old": old, "new": new}}, "", said, [diff])

    def _hit(self) -> str:
        rng = self.rng
        folder, name, line = rng.choice(WORDS), rng.choice(WORDS), rng.randint(1, 900)
        return f"src/{folder}/{name}.py:{line}:{rng.choice(self.filler.sentences)}"

    # -- turns --------------------------------------------------------------------------------------------------

    def turn(self, prompt: str, steps: int, size: int, *, end: bool = True, as_parts: bool = False) -> None:
        """Append a turn of so many steps, all but the last with tools; `end` False leaves it open."""
        self.event("TurnBegin", {"user_input": [{"type": "text", "text": prompt}] if as_parts else prompt})
        self.mark()
        self.message(role="user", content=prompt)
        for number in range(1, steps + 1):
            self._step(number, size, last=number == steps)
        if end:
            self.event("TurnEnd", {})

    def _step(self, number: int, size: int, *, last: bool) -> None:
        rng = self.rng
        self.event("StepBegin", {"n": number})
        self.mark()
        message_id = f"chatcmpl-{rng.getrandbits(64):016x}"
        parts = self._say(last=last)
        runs = [] if last else [self.tool(size) for _ in range(2 if rng.random() < 0.2 else 1)]
        ids: list[str] = []
        tool_calls: list[Json] = []
        for run in runs:
            ids.append(self.call_id())
            tool_calls.append(self.call(ids[-1], run.name, run.arguments))
        order = list(zip(ids, runs, strict=True))
        if len(order) == 2 and rng.random() < 0.5:
            order.reverse()
        early = 1 if order and rng.random() < 0.3 else 0
        self._results(order[:early])
        self._status(message_id)
        self._results(order[early:])
        self._usage(rng.randint(50, 900))
        message: Json = {"role": "assistant", "content": parts[0]["text"] if len(parts) == 1 else parts}
        self.message(**message, **({"tool_calls": tool_calls} if tool_calls else {}))
        self._usage(rng.randint(20, 300))
        for call_id, run in zip(ids, runs, strict=True):
            self.message(role="tool", content=run.content, tool_call_id=call_id)

    def _say(self, *, last: bool) -> list[Json]:
        rng, parts = self.rng, list[Json]()
        if rng.random() < 0.5:
            parts.append({"type": "think", "think": self.filler.prose(rng.randint(80, 500)), "encrypted": None})
            self.event("ContentPart", parts[-1])
        length = rng.randint(200, 1500) if last else rng.randint(30, 160)
        parts.append({"type": "text", "text": self.filler.prose(length)})
        self.event("ContentPart", parts[-1])
        return parts

    def _results(self, order: list[tuple[str, ToolRun]]) -> None:
        for call_id, run in order:
            self.event("ToolResult", {"tool_call_id": call_id, "return_value": run.returned})

    def helper_events(self, agent_id: str, parent: str) -> None:
        """Append what a sub-agent does under a call."""
        about = {"parent_tool_call_id": parent, "agent_id": agent_id, "subagent_type": "explore"}

        def helper(kind: str, payload: Json) -> None:
            self.event("SubagentEvent", {**about, "event": {"type": kind, "payload": payload}})

        helper("TurnBegin", {"user_input": f"look for callers of {self.rng.choice(WORDS)}"})
        helper("StepBegin", {"n": 1})
        helper("ContentPart", {"type": "text", "text": self.filler.prose(300)})
        helper("TurnEnd", {})

    # -- files --------------------------------------------------------------------------------------------------

    def dump(self, folder: Path, mtime: float) -> None:
        """Write both logs."""
        put(folder / "wire.jsonl", "\n".join(self.wire) + "\n", mtime)
        self.dump_context(folder / "context.jsonl", mtime)

    def dump_context(self, path: Path, mtime: float) -> None:
        """Write the context alone."""
        put(path, "\n".join(self.context) + "\n", mtime)


def _ran(
    name: str, arguments: Json, output: str, message: str, display: list[Json] | None = None, *, failed: bool = False
) -> ToolRun:
    returned = {"is_error": failed, "output": output, "message": message, "display": display or [], "extras": None}
    content: list[Json] = []
    if message:
        content.append({"type": "text", "text": f"<system>{'ERROR: ' if failed else ''}{message}</system>"})
    if output:
        content.append({"type": "text", "text": output})
    return ToolRun(name, json.dumps(arguments), returned, content[0]["text"] if len(content) == 1 else content)
