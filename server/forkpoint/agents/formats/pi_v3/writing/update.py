"""A change of a session's own fields: entries appended to its file, which all of its readers know.

What lies beside a file stays as it is. pi_agent_rust's copy (`.v2`) is then older than the file: it sees that by the
file's size and makes the copy anew. Its attachments (`.jsonl.blobs`) are named by lines that do not change. Its lock
(`.jsonl.lock`) is for whoever carries the plan out to take. A file it refuses to save, because lines were skipped or
have no parent, can be appended to all the same: no line that is there is touched.
"""

from collections.abc import Mapping
from typing import Any

from forkpoint.agents.adapter import Ask, Disk
from forkpoint.agents.formats.pi_v3.header import Header
from forkpoint.agents.formats.pi_v3.writing.appended import DEFAULT_LEVEL, Appended, written_title
from forkpoint.agents.formats.pi_v3.writing.current import Current, CurrentLook
from forkpoint.agents.formats.pi_v3.writing.ids import EntryIds
from forkpoint.agents.formats.pi_v3.writing.subject import lock_form, transcript_path, writable_header
from forkpoint.agents.writing import Append, Editable, Occasion, Plan, Subject
from forkpoint.model.failures import FileNotFound, NotSupported, SessionChangedOnDisk

EDITABLE: frozenset[Editable] = frozenset({"title", "model", "thinkingLevel"})
"""The fields that the format has entries for; it has none for archiving."""
_ON_PATH = frozenset({"model", "thinkingLevel"})
"""What counts only on the current path; the last title of the whole file does."""


def plan_update(subject: Subject, changes: Mapping[Editable, Any], occasion: Occasion, disk: Disk) -> Ask | Plan | None:
    """Plan entries for what is not so already, after the leaf of the current path; None when everything is.

    Raises NotSupported, FileNotFound, SessionChangedOnDisk when the subject is older than the file.
    """
    header = writable_header(subject, "update")
    path = transcript_path(subject.arrangement)
    if disk.rounds == 0:
        look = CurrentLook(path, subject.arrangement.facts, subject.leaf, [*changes])
        return Ask(peeks=[look.peek()])
    current: Current | None = disk.peeked(path)
    if current is None:
        raise FileNotFound(path=path)
    wanted: dict[Editable, Any] = {field: _stored(field, value) for field, value in changes.items()}
    changed: dict[Editable, Any] = {field: value for field, value in wanted.items() if not current.has(field, value)}
    if not changed:
        return None
    _check_leaf(subject, header, current, changed)
    added = Appended(EntryIds(occasion, subject.taken_ids), occasion.now, subject.leaf)
    if "model" in changed:
        added.model(changed["model"])
    if "thinkingLevel" in changed:
        added.level(changed["thinkingLevel"])
    if "title" in changed:
        added.title(changed["title"])
    known = current.values
    previous: dict[Editable, Any] = {
        field: known[field] for field in wanted if current.whole or known[field] is not None
    }
    step = Append(path=path, lines=added.lines, was=current.stamp)
    candidate = subject.candidate
    return Plan(
        step=step, native_id=candidate.native_id, path=candidate.path, lock=lock_form(subject), previous=previous
    )


def _stored(field: Editable, value: Any) -> Any:
    """Give a value as it is read again once it is written. Raises NotSupported for what cannot be written."""
    if field not in EDITABLE:
        raise NotSupported(capability=field, reason="session files of pi have no field for it")
    if field == "title":
        return written_title(value) or None
    if field == "thinkingLevel":
        return DEFAULT_LEVEL if value is None else value
    if value is None:
        raise NotSupported(capability=field, reason="a model can be changed, not taken away")
    return value


def _check_leaf(subject: Subject, header: Header, current: Current, changed: Mapping[Editable, Any]) -> None:
    """Refuse where an entry after the leaf would not be read as meant. Raises NotSupported, SessionChangedOnDisk."""
    if header.leaf is not None and header.leaf == (subject.leaf or ""):
        if not _ON_PATH.isdisjoint(changed):
            # The leaf that a header names stays the leaf, so that what follows it is on no path yet.
            reason = "the header of this session names the entry it stands at, and only pi_agent_rust moves it"
            raise NotSupported(capability="update", reason=reason)
    elif current.last is not None:
        if current.last.id is None:
            raise NotSupported(capability="update", reason="the last entry has no id that another could follow")
        if current.last.id != subject.leaf:
            # Somebody has gone on meanwhile; what is added after an older entry would take the leaf away from them.
            raise SessionChangedOnDisk(path=transcript_path(subject.arrangement))
