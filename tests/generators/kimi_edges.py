"""One session of Kimi CLI per known oddity, each with what a good reader does with it.

Source of the oddities: kimi-cli 1.49 and the versions before it.
"""

import contextlib
import hashlib
import json
import os
import random
import uuid
from pathlib import Path

from tests.generators.kimi_writer import Filler, SessionWriter, put

MAKE = '{"command": "make"}'
CUT_LINE = '{"timestamp": 1.0, "message": {"type": "ContentPart", "payload": {"type": "text", "text": "中'.encode()[:-1]
BAD_BYTE_LINE = b'{"timestamp": 2.0, "message": {"type": "ContentPart", "payload": {"type": "text", "text": "\xff"}}}\n'
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "id": None}}
COMPACTED = "<system>Previous context has been compacted. Here is the compaction output:</system>"
BROKEN_STATES = {
    "state-truncated": b'{"version": 1, "approval":',
    "state-empty": b"",
    "state-binary": b"\x80\xff\xfe\x00\x01",
    "state-wrong-types": b'{"version":"x","approval":"bad"}',
    "state-array": b"[1,2,3]",
}


def new_uuid(rng: random.Random) -> uuid.UUID:
    """Give the next session id."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def state_text(**changed: object) -> str:
    """Give a state.json with everything at its default but what is named."""
    state: dict[str, object] = {
        "version": 1,
        "approval": {"yolo": False, "afk": False, "auto_approve_actions": []},
        "additional_dirs": [],
        "custom_title": None,
        "title_generated": False,
        "title_generate_attempts": 0,
        "plan_mode": False,
        "plan_session_id": None,
        "plan_slug": None,
        "wire_mtime": None,
        "archived": False,
        "archived_at": None,
        "auto_archive_exempt": False,
        "todos": [],
    }
    return json.dumps(state | changed, indent=2, ensure_ascii=False)


class EdgeCases:
    """Writes the oddities, always in the same order."""

    def __init__(self, sessions: Path, key: str, rng: random.Random, filler: Filler, now: float) -> None:
        self.sessions, self.root = sessions, sessions / key
        self.rng, self.filler, self.now = rng, filler, now
        self.written: list[dict[str, str]] = []
        """case, id, folder, expect of each."""

    def write(self) -> list[dict[str, str]]:
        """Write all of them."""
        self.root.mkdir(exist_ok=True)
        self._empty()
        self._old_forms()
        self._states()
        self._open_ends()
        self._broken_lines()
        self._odd_records()
        self._users_nobody_typed()
        self._odd_folders()
        self._titles()
        self._ages()
        self._orphan()
        return self.written

    # -- means --------------------------------------------------------------------------------------------------

    def _new(self, case: str, expect: str, name: str | None = None) -> Path:
        folder = self.root / (name or str(new_uuid(self.rng)))
        folder.mkdir(exist_ok=True)
        self._note(case, folder.name, folder, expect)
        return folder

    def _note(self, case: str, name: str, path: Path, expect: str) -> None:
        self.written.append({"case": case, "id": name, "folder": str(path), "expect": expect})

    def _writer(self) -> SessionWriter:
        return SessionWriter(self.rng, self.filler, self.now - 3600)

    def _spoken(self, prompt: str, steps: int = 2, size: int = 300) -> SessionWriter:
        writer = self._writer()
        writer.turn(prompt, steps, size)
        return writer

    # -- cases --------------------------------------------------------------------------------------------------

    def _empty(self) -> None:
        folder = self._new("empty", "context.jsonl has no bytes and there is no wire log: an unused session")
        put(folder / "context.jsonl", "", self.now - 50)
        expect = "context holds only the system prompt record, wire only its header: empty"
        self._writer().dump(self._new("prompt-only", expect), self.now - 51)

    def _old_forms(self) -> None:
        now = self.now
        name = str(new_uuid(self.rng))
        flat = self.root / f"{name}.jsonl"
        self._spoken("legacy flat session", size=400).dump_context(flat, now - 52)
        expect = "old form: the context is <id>.jsonl next to the folders; list it, do not move it on read"
        self._note("legacy-flat", name, flat, expect)

        expect = "both <id>.jsonl and <id>/context.jsonl: list once, the folder wins"
        folder = self._new("legacy-flat-migrated", expect)
        writer = self._spoken("migrated session", size=400)
        writer.dump(folder, now - 53)
        writer.dump_context(self.root / f"{folder.name}.jsonl", now - 9000)

        expect = "metadata.json next to no state.json: title and archive flags come from it"
        folder = self._new("legacy-metadata", expect)
        self._spoken("metadata session", size=400).dump(folder, now - 54)
        metadata = {
            "session_id": folder.name,
            "title": "Title from metadata.json",
            "title_generated": True,
            "title_generate_attempts": 1,
            "wire_mtime": now - 54,
            "archived": True,
            "archived_at": now - 40,
            "auto_archive_exempt": False,
        }
        put(folder / "metadata.json", json.dumps(metadata), now - 54)

        folder = self._new("legacy-metadata-broken", "metadata.json is not JSON: ignore it and leave it alone")
        self._spoken("broken metadata", size=400).dump(folder, now - 55)
        put(folder / "metadata.json", "{ not json", now - 55)

    def _states(self) -> None:
        for number, (case, data) in enumerate(BROKEN_STATES.items()):
            folder = self._new(case, "unreadable state.json: defaults, title from the wire log; keep the file")
            self._spoken(f"state case {case}", size=400).dump(folder, self.now - 60 - number)
            put(folder / "state.json", data, self.now - 60 - number)

    def _open_ends(self) -> None:
        folder = self._new("half-turn", "last turn has no TurnEnd (killed): it still counts as a turn")
        writer = self._spoken("first whole turn", size=400)
        writer.turn("second, cut off", 3, 400, end=False)
        writer.dump(folder, self.now - 70)

        folder = self._new("dangling-call", "log ends on a ToolCall without ToolResult: show it as interrupted")
        writer = self._spoken("whole turn", size=400)
        writer.event("TurnBegin", {"user_input": "now run it"})
        writer.mark()
        writer.message(role="user", content="now run it")
        writer.event("StepBegin", {"n": 1})
        writer.mark()
        call = writer.call(writer.call_id(), "Shell", MAKE)
        writer.message(role="assistant", content=[], tool_calls=[call])
        writer.dump(folder, self.now - 71)

    def _broken_lines(self) -> None:
        now = self.now
        expect = "last wire line is cut in the middle of a UTF-8 character: skip just that line"
        folder = self._new("cut-last-line", expect)
        writer = self._spoken("cut line", size=400)
        put(folder / "wire.jsonl", _joined(writer.wire) + CUT_LINE, now - 72)
        writer.dump_context(folder / "context.jsonl", now - 72)

        expect = "one invalid byte in the middle of the wire log: every other line is still shown"
        folder = self._new("bad-byte-middle", expect)
        writer = self._spoken("before the bad byte", size=400)
        after = self._spoken("after the bad byte", size=400)
        put(folder / "wire.jsonl", _joined(writer.wire) + BAD_BYTE_LINE + _joined(after.wire[1:]), now - 73)
        writer.dump_context(folder / "context.jsonl", now - 73)

        expect = "wire holds null, 42, a list and a blank line between records: skip them"
        folder = self._new("non-object-lines", expect)
        writer = self._spoken("non object lines", size=400)
        odd = ["null", "42", "[1]", "", "  "]
        put(folder / "wire.jsonl", _joined([writer.wire[0], *odd, *writer.wire[1:]]), now - 74)
        writer.dump_context(folder / "context.jsonl", now - 74)

    def _odd_records(self) -> None:
        expect = "unknown record type and unknown content part type: skip or show raw, never fail"
        folder = self._new("unknown-events", expect)
        writer = self._spoken("unknown events", size=400)
        writer.event("SomethingNew", {"a": 1})
        writer.event("ContentPart", {"type": "hologram", "data": "x"})
        writer.dump(folder, self.now - 75)

        expect = "no metadata header, no TurnEnd, old names ApprovalRequestResolved and task_tool_call_id"
        folder = self._new("old-protocol", expect)
        writer = self._writer()
        writer.wire = []
        writer.turn("from protocol 1", 2, 400, end=False)
        asked = {"id": "ap1", "tool_call_id": "tc1", "sender": "Shell", "action": "run command"}
        writer.event("ApprovalRequest", {**asked, "description": "Run `ls`"})
        writer.event("ApprovalRequestResolved", {"request_id": "ap1", "response": "approve"})
        said = {"type": "ContentPart", "payload": {"type": "text", "text": "from a helper"}}
        writer.event("SubagentEvent", {"task_tool_call_id": "tc1", "event": said})
        writer.dump(folder, self.now - 76)

        folder = self._new("image-first", "first prompt is one image without text: title must not be empty")
        writer = self._writer()
        writer.event("TurnBegin", {"user_input": [IMAGE]})
        writer.event("TurnEnd", {})
        writer.turn("what is in that picture?", 2, 300)
        writer.dump(folder, self.now - 77)

    def _users_nobody_typed(self) -> None:
        expect = "wire turns /compact and a steer do not line up with user messages in the context"
        folder = self._new("slash-and-steer", expect)
        writer = self._spoken("turn zero")
        for kind, payload in (("TurnBegin", {"user_input": "/compact"}), ("CompactionBegin", {})):
            writer.event(kind, payload)
        writer.event("CompactionEnd", {})
        writer.event("TurnEnd", {})
        writer.dump_context(folder / "context_1.jsonl", self.now - 100)
        writer.context, writer.checkpoint = writer.context[:1], 0
        writer.mark()
        summary = [{"type": "text", "text": COMPACTED}, {"type": "text", "text": "short summary"}]
        writer.message(role="user", content=summary)
        writer.turn("turn two", 2, 300)
        writer.event("SteerInput", {"user_input": "also update the docs"})
        writer.message(role="user", content="also update the docs")
        writer.turn("turn three", 2, 300)
        writer.dump(folder, self.now - 78)

        expect = "context has synthetic checkpoint user messages in both shapes: not turns"
        folder = self._new("checkpoint-user", expect)
        writer = self._spoken("real one")
        writer.message(role="user", content="<system>CHECKPOINT 7</system>")
        writer.message(role="user", content=[{"type": "text", "text": "<system>CHECKPOINT 8</system>"}])
        writer.turn("real two", 2, 300)
        writer.dump(folder, self.now - 79)

        expect = "context has a system-reminder user message: counted as a turn by the original, should not be"
        folder = self._new("reminder-user", expect)
        writer = self._spoken("real one")
        writer.message(role="user", content="<system-reminder>\nplan mode is on\n</system-reminder>")
        writer.turn("real two", 2, 300)
        writer.dump(folder, self.now - 80)

    def _odd_folders(self) -> None:
        now = self.now
        folder = self._new("no-wire", "context only, no wire.jsonl")
        self._spoken("only context").dump_context(folder / "context.jsonl", now - 81)

        expect = "uploads folder with a marker file, a video with a blank in its name, and an HTML file"
        folder = self._new("uploads", expect)
        uploads = folder / "uploads"
        uploads.mkdir()
        put(uploads / "clip one_ab12cd.mp4", b"\0" * 64, now - 82)
        put(uploads / "note_1f2e3d.txt", b"hello\n", now - 82)
        put(uploads / "page_0a0b0c.html", b"<script>1</script>", now - 82)
        put(uploads / ".sent", json.dumps(["clip one_ab12cd.mp4"]), now - 82)
        tags = f'<video path="{uploads}/clip one_ab12cd.mp4" content_type="video/mp4"></video>'
        self._spoken(f"{tags} what is this").dump(folder, now - 82)

        expect = "folder name is not a UUID (kimi --session my-name): the web list hides it"
        self._spoken_in(self._new("named", expect, "my-named-session"), "named session", now - 83)

        undashed = f"{new_uuid(self.rng).int:032x}"
        expect = "folder name parses as a UUID but is not in canonical form: open it by its real folder name"
        self._spoken_in(self._new("uuid-without-dashes", expect, undashed), "undashed", now - 84)

        expect = "session folder holds a link named wire.jsonl that leaves the store: do not follow"
        folder = self._new("symlink-out", expect)
        self._spoken("link").dump_context(folder / "context.jsonl", now - 85)
        linked = False
        with contextlib.suppress(OSError):  # Windows, without the right to make links
            os.symlink("/etc/hostname", folder / "wire.jsonl")
            linked = True
        if not linked:
            self.written.pop()

    def _spoken_in(self, folder: Path, prompt: str, mtime: float) -> Path:
        self._spoken(prompt).dump(folder, mtime)
        return folder

    def _titles(self) -> None:
        expect = "prompt of 2,000 characters without blanks and one title at the 200 limit"
        self._spoken_in(self._new("long-title", expect), "长" * 2000, self.now - 86)
        folder = self._spoken_in(self._new("title-200", "stored title of exactly 200 characters"), "t", self.now - 87)
        put(folder / "state.json", state_text(custom_title="T" * 200, title_generated=True), self.now - 87)

    def _ages(self) -> None:
        now, day = self.now, 86400
        due = self._new("auto-archive-due", "20 days old, not exempt: due for auto archive")
        self._spoken_in(due, "old one", now - 20 * day)
        exempt = self._new("auto-archive-exempt", "20 days old but exempt: stays listed")
        self._spoken_in(exempt, "old kept", now - 20 * day)
        state = state_text(custom_title="Old but kept", auto_archive_exempt=True)
        put(exempt / "state.json", state, now - 20 * day)
        nearly = self._new("auto-archive-edge", "one minute short of 15 days: not yet due")
        self._spoken_in(nearly, "nearly", now - 15 * day + 60)
        for number in range(3):
            expect = "three sessions with one modification time: order by id, descending"
            self._spoken_in(self._new(f"same-mtime-{number}", expect), f"tie {number}", now - 95)

    def _orphan(self) -> None:
        folder = self.sessions / hashlib.md5(b"/gone/and/forgotten").hexdigest() / str(new_uuid(self.rng))
        folder.mkdir(parents=True)
        self._spoken_in(folder, "orphan", self.now - 96)
        expect = "its work folder is not in kimi.json: the original cannot see it; show it with an unknown work folder"
        self._note("orphan-work-dir", folder.name, folder, expect)


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
