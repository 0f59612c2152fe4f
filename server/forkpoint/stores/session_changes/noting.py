"""The part of a change that our notes take, and what becomes of it when the agent's part was not made.

Killed between the two, the notes are changed and the agent's file is not: the next change of the session, or the next
start, lets the notes say what they said before.
"""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from forkpoint.agents.writing import Editable
from forkpoint.model.failures import Failure
from forkpoint.model.notes import NoteField, Notes
from forkpoint.stores.changing.copying import same
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.session_changes.tools import ChangeTools, now_ms
from forkpoint.stores.state.half_changes import Awaited
from forkpoint.stores.workers import CancelFlag

NOTES: Mapping[str, NoteField] = {
    "title": "title",
    "generatedTitle": "generated_title",
    "label": "label",
    "group": "group",
    "archived": "archived",
    "pinned": "pinned",
    "model": "model",
    "thinkingLevel": "thinking_level",
}
"""Each field that can be changed, and what it is called in our notes; `agentFields` are the agent's alone."""
UNDOABLE = frozenset(NOTES) - {"generatedTitle"}
"""The fields that sessions/update takes, and that an answer names as changed."""


class Noting:
    """The change of our notes: made once the writer has agreed to its part, taken back when that cannot be done."""

    def __init__(
        self, tools: ChangeTools, session_id: str, changes: Mapping[str, Any], theirs: Mapping[Editable, Any]
    ) -> None:
        self.previous: Mapping[NoteField, Any] = {}
        self._state = tools.state
        self._session_id = session_id
        self._notes = tools.state.notes.read([session_id]).get(session_id) or Notes()
        self._wanted = _wanted(self._notes, changes, theirs)
        self._clears_title = "title" in changes or "title" in theirs
        self._clears_title &= (changes.get("title") or theirs.get("title")) is None and "generatedTitle" not in changes
        self._done = False
        self._awaits = False

    def note(self, files: Mapping[Editable, Any], awaited: Awaited | None = None) -> None:
        """Change the notes, the first time this is called; `files` is what the agent's files said before.

        `awaited` is the change of a file that they count with; it may be planned anew.
        """
        if self._done:
            if self._awaits and awaited is not None:
                self._state.half_changes.wait_for(self._session_id, awaited)
            return
        self._done = True
        # Taking a person's title away brings the generated one back; without the former, the latter is meant.
        if self._clears_title and {self._notes.title, files.get("title")} <= {None, self._notes.generated_title}:
            self._wanted["generated_title"] = None
        if not self._wanted:
            return
        if awaited is None:
            self.previous = self._state.notes.change(self._session_id, self._wanted).previous
        else:
            self.previous = self._state.half_changes.begin(self._session_id, self._wanted, awaited)
            self._awaits = bool(self.previous)

    def __enter__(self) -> "Noting":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._awaits:
            with suppress(Failure):  # as on a full disk: the file tells the next start that it was changed
                self._state.half_changes.made(self._session_id)
        elif kind is not None and self._awaits:
            self._state.half_changes.take_back(self._session_id)
        elif kind is not None and self.previous:
            self._state.notes.change(self._session_id, self.previous)


def settle_half_changes(tools: ChangeTools, flag: CancelFlag) -> None:
    """Bring the changes to an end that killed processes left half made."""
    for half in tools.state.half_changes.left():
        flag.check()
        # A living process is at it, or it cannot be noted: that keeps nobody from changing other sessions.
        with suppress(Failure), tools.leases.sessions([half.session_id], flag, patience=0):
            settle_half_change(tools, half.session_id)


def settle_half_change(tools: ChangeTools, session_id: str) -> None:
    """Bring a session's half made change to an end; its lease is held, so nobody is at it."""
    for half in tools.state.half_changes.left(session_id):
        if _is_as_before(half.awaited):
            tools.state.half_changes.take_back(session_id)
        else:
            tools.state.half_changes.made(session_id)


def _is_as_before(awaited: Awaited) -> bool:
    try:
        now = stamp_of(os.stat(awaited.path))
    except FileNotFoundError:
        return awaited.was is None
    except OSError:
        return False  # what was meant by a change of a session that cannot be seen is kept
    return awaited.was is not None and same(awaited.was, now)


def _wanted(notes: Notes, changes: Mapping[str, Any], theirs: Collection[str]) -> dict[NoteField, Any]:
    """Give the fields of our notes that change; those that the agent's files get are taken out, as they would hide
    them.
    """
    wanted: dict[NoteField, Any] = {NOTES[name]: value for name, value in changes.items()}
    for name in theirs:
        if name in UNDOABLE and getattr(notes, NOTES[name]):
            wanted[NOTES[name]] = None
    if "archived" in wanted:
        kept_since = notes.archived_at if notes.archived else now_ms()
        wanted["archived_at"] = kept_since if wanted["archived"] else None
    if "archived" in changes and changes["archived"] != notes.archived:
        # As Kimi has it: whoever takes a session out of the archive does not want age to put it back.
        wanted["auto_archive_exempt"] = not changes["archived"]
    return wanted
