"""One synthetic pi session: how it grows, branches and is forked, its lines in four dialects, and what is in it.

Dialects: `pi` is version 3 as pi 0.87 writes it, `rust` as pi_agent_rust does, `v2` and `v1` are the older versions.
"""

import base64
import json
import random
import re
from datetime import UTC, datetime
from typing import Any

from tests.generators.pi_prose import NOUNS, VERBS, Json, Prose

_TOOLS = ("read", "bash", "edit", "write", "grep")
_MODELS = (
    ("anthropic", "claude-sonnet-4-5", "anthropic-messages"),
    ("openai", "gpt-5.1-codex", "openai-responses"),
    ("google", "gemini-3-pro", "google-generative-ai"),
)
_LEVELS = ("off", "low", "medium", "high")
_ASIDES = {"label": 6, "unlabel": 1, "model": 3, "level": 3, "bash": 4, "custom": 4, "note": 3, "name": 2}
"""What happens between turns, and how often."""


def iso(milliseconds: int) -> str:
    """Give a time as pi writes it."""
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


def dumps(value: Json) -> str:
    """Give one line."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _uuid7(rng: random.Random, milliseconds: int) -> str:
    tail = rng.getrandbits(74)
    high = (milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | (tail >> 62) << 64
    text = f"{high | 2 << 62 | tail & ((1 << 62) - 1):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


class Session:
    """One session; `grow` or `fork_of` fills it."""

    def __init__(self, rng: random.Random, cwd: str, start_ms: int, dialect: str, needle: str) -> None:
        self.rng = rng
        self.cwd = cwd
        self.dialect = dialect
        self.needle = needle
        """A word that only this session's first prompt holds."""
        self.prose = Prose(rng)
        self.now = self.start = start_ms
        self.id = _uuid7(rng, start_ms)
        self.entries: list[Json] = []
        self.by_id: dict[str, Json] = {}
        self.leaf: str | None = None
        self.parent_session: str | None = None
        self.needle_entry: str | None = None
        self.needles: dict[str, str] = {}
        """Needle: the entry that holds it, here or copied by a fork."""
        self.size = 400
        self.last_activity = 0
        self.since_compaction = 0
        self.model = rng.choice(_MODELS)
        self.level = rng.choice(_LEVELS)

    # -- appending ----------------------------------------------------------------------------------------------

    def _new_id(self) -> str:
        while (made := f"{self.rng.getrandbits(32):08x}") in self.by_id:
            pass
        return made

    def append(self, kind: str, **fields: Any) -> str:
        """Append an entry under the leaf and give its id."""
        self.now += self.rng.randint(300, 45000)
        made = self._new_id()
        self._keep({"type": kind, "id": made, "parentId": self.leaf, "timestamp": iso(self.now), **fields})
        return made

    def _keep(self, entry: Json) -> None:
        self.entries.append(entry)
        self.by_id[entry["id"]] = entry
        self.leaf = entry["id"]
        self.size += len(dumps(entry).encode()) + 1

    def _message(self, **message: Any) -> str:
        stamp = self.now + self.rng.randint(1, 200)
        if message["role"] in ("user", "assistant"):
            self.last_activity = max(self.last_activity, stamp)
        self.since_compaction += len(str(message.get("content", ""))) // 4
        return self.append("message", message={**message, "timestamp": stamp})

    def _assistant(self, content: list[Json], stop: str) -> None:
        provider, model, api = self.model
        spent, said = self.rng.randint(200, 90000), self.rng.randint(5, 2500)
        cost = {"input": spent / 1e6, "output": said / 1e5, "cacheRead": 0, "cacheWrite": 0}
        usage = {
            "input": spent,
            "output": said,
            "cacheRead": spent * 3,
            "cacheWrite": said * 2,
            "totalTokens": spent * 4 + said * 3,
            "cost": {**cost, "total": spent / 1e6 + said / 1e5},
        }
        named = {"api": api, "provider": provider, "model": model}
        extra = {"errorMessage": "overloaded"} if stop == "error" else {}
        self._message(role="assistant", content=content, **named, usage=usage, stopReason=stop, **extra)

    # -- conversation -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.append("model_change", provider=self.model[0], modelId=self.model[1])
        self.append("thinking_level_change", thinkingLevel=self.level)

    def _turn(self) -> None:
        rng = self.rng
        text = self.prose.request()
        if self.needle_entry is None:
            text += " Ticket " + self.needle + "."
        content: str | list[Json] = text
        if rng.random() < 0.5:
            content = [{"type": "text", "text": text}]
            if rng.random() < 0.08:
                content.append({"type": "image", "data": self.prose.image(), "mimeType": "image/png"})
        asked = self._message(role="user", content=content)
        if self.needle_entry is None:
            self.needle_entry = self.needles[self.needle] = asked
        for _ in range(rng.choices((0, 1, 2, 4), (2, 4, 3, 1))[0]):
            self._tool_step()
        blocks = [{"type": "text", "text": self.prose.paragraph(2, 6)}]
        self._assistant(blocks, rng.choices(("stop", "length", "aborted", "error"), (92, 2, 3, 3))[0])

    def _tool_step(self) -> None:
        rng = self.rng
        blocks: list[Json] = []
        if rng.random() < 0.6:
            thought = self.prose.paragraph(1, 3)
            signature = base64.b64encode(rng.randbytes(48)).decode()
            blocks.append({"type": "thinking", "thinking": thought, "thinkingSignature": signature})
        if rng.random() < 0.7:
            blocks.append({"type": "text", "text": self.prose.sentence()})
        answers: list[Json] = []
        for _ in range(rng.choices((1, 2), (85, 15))[0]):
            name = rng.choice(_TOOLS)
            call = f"toolu_{rng.getrandbits(64):016x}"
            run = self.prose.tool(name)
            blocks.append({"type": "toolCall", "id": call, "name": name, "arguments": run.arguments})
            answers.append({"call": call, "name": name, "output": run.output, "details": run.details})
        self._assistant(blocks, "toolUse")
        for answer in answers:
            self._answer(**answer)

    def _answer(self, call: str, name: str, output: str, details: Json | None) -> None:
        failed = self.rng.random() < 0.06
        text = "Command failed" if failed else output
        more = {"details": details} if details and not failed else {}
        content = [{"type": "text", "text": text}]
        self._message(role="toolResult", toolCallId=call, toolName=name, content=content, **more, isError=failed)

    def _turn_back(self) -> None:
        """Go back to before an earlier prompt, as a tree navigator does."""
        prompts = _prompts(self.path())
        if len(prompts) < 2:
            return
        chosen = self.rng.choice(prompts[1:])
        left, self.leaf = self.leaf, chosen["parentId"]
        if self.rng.random() < 0.4:
            summary = self.prose.summary()
            details = {"readFiles": [self.prose.path()], "modifiedFiles": []}
            self.append("branch_summary", fromId=left, summary=summary, details=details, fromHook=False)
        self._turn()

    def _compact(self) -> None:
        prompts = _prompts(self.path())
        if len(prompts) < 3:
            return
        summary = self.prose.summary()
        details = {"readFiles": [self.prose.path()], "modifiedFiles": [self.prose.path()]}
        self.append(
            "compaction",
            summary=summary,
            firstKeptEntryId=prompts[-2]["id"],
            tokensBefore=self.since_compaction,
            details=details,
        )
        self.since_compaction = 0

    def grow(self, want_entries: int, want_branches: float, want_bytes: int) -> None:
        """Add turns until there are so many entries and bytes, going back on the way about so many times."""
        self._begin()
        chance = want_branches / max(1, max(want_entries, want_bytes // 800) // 6)
        while len(self.entries) < want_entries or self.size < want_bytes:
            self._turn()
            if self.rng.random() < 0.25:
                self._aside()
            if self.rng.random() < chance:
                self._turn_back()
            if self.since_compaction > 20000:
                self._compact()

    def fork_of(self, source: "Session", source_path: str) -> None:
        """Take over the path to a random prompt's parent, leaving labels out."""
        cut = self.rng.choice(_prompts(source.path()))["parentId"]
        self.parent_session = source_path
        parent: str | None = None
        for entry in source.path(cut) if cut else []:
            if entry["type"] != "label":
                self._keep({**entry, "parentId": parent})
                parent = entry["id"]
        self.needles = {needle: entry for needle, entry in source.needles.items() if entry in self.by_id}
        self.now = max(self.now, source.now)
        self.model, self.level = source.model, source.level
        self._turn()

    # -- asides -------------------------------------------------------------------------------------------------

    def _aside(self) -> None:
        rng = self.rng
        kind = rng.choices(tuple(_ASIDES), tuple(_ASIDES.values()))[0]
        if kind in ("label", "unlabel"):
            self._label_aside(kind)
        elif kind == "model":
            self.model = rng.choice(_MODELS)
            self.append("model_change", provider=self.model[0], modelId=self.model[1])
        elif kind == "level":
            self.level = rng.choice(_LEVELS)
            self.append("thinking_level_change", thinkingLevel=self.level)
        elif kind == "bash":
            self._shell_run()
        elif kind == "custom":
            data = {"open": rng.randrange(9), "note": self.prose.sentence()}
            self.append("custom", customType="demo.todo", data=data)
        elif kind == "note":
            self._note()
        else:
            self.append("session_info", name=f"{rng.choice(VERBS).capitalize()} {rng.choice(NOUNS)}")

    def _label_aside(self, kind: str) -> None:
        if self.dialect == "v1":
            return  # v1 entries have no ids to label
        rng = self.rng
        if kind == "label":
            target = rng.choice(self.path())["id"]
            self.append("label", targetId=target, label=f"{rng.choice(VERBS)}-{rng.randrange(100)}")
        elif self.labels():
            self.append("label", targetId=rng.choice(sorted(self.labels())))

    def _shell_run(self) -> None:
        rng = self.rng
        hidden = {"excludeFromContext": True} if rng.random() < 0.3 else {}
        output = self.prose.tool("bash").output
        ended = {"exitCode": rng.choice((0, 0, 0, 1)), "cancelled": False, "truncated": False}
        self._message(role="bashExecution", command="git status --short", output=output, **ended, **hidden)

    def _note(self) -> None:
        text = self.prose.sentence()
        if self.dialect == "pi":
            details = {"source": "gen"}
            self.append("custom_message", customType="demo.note", content=text, display=True, details=details)
        else:
            role = "hookMessage" if self.dialect in ("v1", "v2") else "custom"
            self._message(role=role, customType="demo.note", content=text, display=True)

    # -- what is in it ------------------------------------------------------------------------------------------

    def path(self, leaf: str | None = None) -> list[Json]:
        """The entries from a root to the leaf."""
        found: list[Json] = []
        at = leaf or self.leaf
        while at:
            found.append(self.by_id[at])
            at = self.by_id[at]["parentId"]
        return found[::-1]

    def labels(self) -> dict[str, str]:
        """Entry id: its label."""
        found: dict[str, str] = {}
        for entry in self.entries:
            if entry["type"] == "label":
                found.pop(entry["targetId"], None)
                if entry.get("label"):
                    found[entry["targetId"]] = entry["label"]
        return found

    def _name(self) -> str | None:
        names = [entry.get("name") for entry in self.entries if entry["type"] == "session_info"]
        return (names[-1] or None) if names else None

    def _first_user_text(self) -> str | None:
        prompts = _prompts(self.entries)
        if not prompts:
            return None
        content: str | list[Json] = prompts[0]["message"]["content"]
        if isinstance(content, str):
            return content
        return " ".join(block["text"] for block in content if block["type"] == "text")

    def facts(self, path_on_disk: str) -> Json:
        """Give the session's row of the manifest."""
        children: dict[str | None, list[str]] = {}
        for entry in self.entries:
            children.setdefault(entry["parentId"], []).append(entry["id"])
        pi_leaf: str = self.entries[-1]["id"]
        return {
            "path": path_on_disk,
            "id": self.id,
            "cwd": self.cwd,
            "dialect": self.dialect,
            "name": self._name(),
            "entries": len(self.entries),
            "messages": sum(entry["type"] == "message" for entry in self.entries),
            "firstUserText": self._first_user_text(),
            "created": iso(self.start),
            "modifiedMs": self.last_activity,
            "leaf": pi_leaf,
            "rustLeaf": self.leaf,
            "roots": len(children.get(None, [])),
            "leaves": sorted(entry["id"] for entry in self.entries if entry["id"] not in children),
            "branchPoints": sorted(parent for parent, below in children.items() if parent and len(below) > 1),
            "labels": self.labels(),
            "compactions": sum(entry["type"] == "compaction" for entry in self.entries),
            "parentSession": self.parent_session,
            "needle": self.needle,
            "needleEntry": self.needle_entry,
            "contextRoles": _context_roles(self.path(pi_leaf)),
            "damage": None,
        }

    # -- on disk ------------------------------------------------------------------------------------------------

    def _header(self) -> Json:
        head: Json = {"type": "session", "version": 3, "id": self.id, "timestamp": iso(self.start), "cwd": self.cwd}
        if self.dialect in ("rust", "v1"):
            head.update(provider=self.model[0], modelId=self.model[1], thinkingLevel=self.level)
        if self.dialect == "rust" and self.leaf != self.entries[-1]["id"]:
            head["leafId"] = self.leaf
        if self.dialect == "v2":
            head["version"] = 2
        if self.dialect == "v1":
            del head["version"]
        if self.parent_session:
            head["branchedFrom" if self.dialect in ("rust", "v1") else "parentSession"] = self.parent_session
        return head

    def lines(self) -> list[str]:
        """Give the lines of its file."""
        numbers = {entry["id"]: number for number, entry in enumerate(self.entries, 1)}
        return [dumps(self._header()), *(dumps(self._in_dialect(entry, numbers)) for entry in self.entries)]

    def _in_dialect(self, entry: Json, numbers: dict[str, int]) -> Json:
        entry = dict(entry)
        if self.dialect == "rust" and entry["parentId"] is None:
            del entry["parentId"]
        if self.dialect == "v1":
            del entry["id"], entry["parentId"]
            if entry["type"] == "compaction":
                entry["firstKeptEntryIndex"] = numbers[entry.pop("firstKeptEntryId")]
        return entry

    def file_name(self) -> str:
        """Give the name of its file, as its dialect makes it."""
        if self.dialect == "rust":
            return f"{iso(self.start).replace(':', '-')}_{self.id[:8]}.jsonl"
        return re.sub(r"[:.]", "-", iso(self.start)) + f"_{self.id}.jsonl"


def _prompts(entries: list[Json]) -> list[Json]:
    return [entry for entry in entries if entry["type"] == "message" and entry["message"]["role"] == "user"]


def _context_roles(path: list[Json]) -> list[str]:
    """The roles of the messages that the model gets from a leaf."""
    at = max((number for number, entry in enumerate(path) if entry["type"] == "compaction"), default=None)
    chosen, roles = path, list[str]()
    if at is not None:
        roles.append("compactionSummary")
        kept = path[at]["firstKeptEntryId"]
        first = next((number for number in range(at) if path[number]["id"] == kept), at)
        chosen = path[first:at] + path[at + 1 :]
    for entry in chosen:
        if entry["type"] == "message":
            role = entry["message"]["role"]
            roles.append("custom" if role == "hookMessage" else role)
        elif entry["type"] == "custom_message":
            roles.append("custom")
        elif entry["type"] == "branch_summary":
            roles.append("branchSummary")
    return roles
