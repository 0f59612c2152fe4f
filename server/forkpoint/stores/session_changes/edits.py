"""Changes of what a session is called and how it is kept: in its agent's files where these have a field, else in ours.

A change of both is made of two steps: first our notes, then the agent's files; when those cannot be changed, the notes
get back what they had (`noting.py`).
"""

from collections.abc import Mapping
from typing import Any, cast

import attrs

from forkpoint.agents.writing import Append, Editable, Plan, Replace
from forkpoint.model.failures import NotSupported, RevisionMismatch
from forkpoint.model.notes import NoteField
from forkpoint.model.session import SessionRow
from forkpoint.stores.changing.runner import NOBODY_CANCELS
from forkpoint.stores.session_changes.labels import lease_of, require_free
from forkpoint.stores.session_changes.noting import NOTES, UNDOABLE, Noting, settle_half_change
from forkpoint.stores.session_changes.subjects import OpenSubject, opened_subject, writer_of
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_rows import editable_of, measure, revision_of
from forkpoint.stores.state.half_changes import Awaited
from forkpoint.stores.workers import CancelFlag

_FLAGS = frozenset({"archived", "pinned"})
_EDITABLE: tuple[Editable, ...] = ("title", "generatedTitle", "archived", "model", "thinkingLevel", "agentFields")


@attrs.frozen(kw_only=True)
class Edited:
    """A change that was made."""

    row: SessionRow
    previous: dict[str, Any]
    """The fields that changed, with their values before, by the names of the wire."""
    changed: bool
    """Whether anything did; also what cannot be taken back, and is not in `previous`."""


@attrs.frozen(kw_only=True)
class Applied:
    """What `apply_changes` did: what both mean is told at `Edited`."""

    previous: dict[str, Any]
    changed: bool


def edit(
    tools: ChangeTools, session_id: str, changes: Mapping[str, Any], if_revision: str | None, flag: CancelFlag
) -> Edited:
    """Change fields of a session, all or none; None clears. Raises a Failure."""
    changes = {name: bool(value) if name in _FLAGS else value for name, value in changes.items()}
    label = changes.get("label")
    with tools.leases.sessions([session_id, *lease_of(label)], flag):
        located, walk = tools.store.finder.locate(session_id, flag)
        with opened_subject(tools.store, located, flag) as subject:
            require_revision(tools, subject, if_revision)
            require_free(tools.state, label, session_id)
            applied = apply_changes(tools, subject, changes, flag)
        row = tools.store.rows.row(located, tools.store.finder.with_notes(walk, session_id), NOBODY_CANCELS)
    return Edited(row=row, previous=applied.previous, changed=applied.changed)


def require_revision(tools: ChangeTools, subject: OpenSubject, wanted: str | None) -> None:
    """Refuse a session that is not as the caller last saw it; its lease is held. Raises RevisionMismatch."""
    if wanted is None:
        return
    session_id = subject.located.session_id
    notes = tools.state.own_notes().of(session_id)
    revision = revision_of(measure(subject.arrangement)[1], notes)
    if wanted != revision:
        raise RevisionMismatch(session_id=session_id, revision=revision)


def apply_changes(tools: ChangeTools, subject: OpenSubject, changes: Mapping[str, Any], flag: CancelFlag) -> Applied:
    """Make a change whose lease is held; gives what was there before. Raises a Failure."""
    settle_half_change(tools, subject.located.session_id)
    own = editable_of(subject.located, subject.arrangement)
    homeless = next(iter(changes.get("agentFields") or ()), None)
    if homeless is not None and "agentFields" not in own:
        raise NotSupported(capability=f"agentFields.{homeless}", reason="this session's files have no place for it")
    theirs: dict[Editable, Any] = {name: changes[name] for name in _EDITABLE if name in changes and name in own}
    ours = {name: value for name, value in changes.items() if name in NOTES and name not in own}
    if "generatedTitle" in theirs:
        ours["generatedTitle"] = theirs["generatedTitle"]  # so that it is told from a title that a person gave
    with Noting(tools, subject.located.session_id, ours, theirs) as noting:
        before = _edit_files(tools, subject, theirs, noting, flag) if theirs else {}
        noting.note(before)
    previous = _previous(theirs, before, noting.previous)
    return Applied(previous=previous, changed=bool(before or noting.previous))


def _previous(
    theirs: Mapping[Editable, Any], before: Mapping[Editable, Any], noted: Mapping[NoteField, Any]
) -> dict[str, Any]:
    """Give the fields that changed, as they were: where the files said nothing, what was noted counted."""
    names = {field: name for name, field in NOTES.items()}
    previous = {names[field]: value for field, value in noted.items() if names.get(field) in UNDOABLE}
    if noted.get("generated_title"):
        previous.setdefault("title", noted["generated_title"])  # no other can be given back
    for name in theirs.keys() - before.keys():
        if theirs[name]:
            previous.pop(name, None)  # the files said so already, and that went before what was noted
    for name, value in before.items():
        if name == "agentFields":
            given = cast("Mapping[str, Any]", theirs[name])
            fields = {field: old for field, old in value.items() if field in given and old != (given[field] or False)}
            previous |= {name: fields} if fields else {}
        elif name in UNDOABLE:
            counted = value or previous.get(name, value)
            previous[name] = counted
            # A file that has named a model names one for good: asked to undo that, it would refuse all the rest too.
            if counted == theirs[name] or (name == "model" and counted is None):
                del previous[name]
    return previous


def _edit_files(
    tools: ChangeTools,
    subject: OpenSubject,
    changes: Mapping[Editable, Any],
    noting: Noting,
    flag: CancelFlag,
) -> dict[Editable, Any]:
    """Change the agent's files, and our notes just before; gives what the files said, nothing when it is so already."""
    writer, about, occasion = writer_of(subject.located, "update"), subject.with_leaf(), tools.occasion()
    before: dict[Editable, Any] = {}

    def expect(plan: Plan) -> None:
        before.update({name: plan.previous[name] for name in changes if name in plan.previous})
        if any(name not in before for name in changes if name in UNDOABLE):
            values = _values(tools, subject, flag)
            before.update({name: values[name] for name in changes if name in values and name not in before})
        noting.note(before, _awaited(plan))

    home = subject.located.home
    tools.carry_out(home, lambda disk: writer.update(about, changes, occasion, disk), flag, expect=expect)
    return before


def _awaited(plan: Plan) -> Awaited:
    """Give the step that the notes wait for."""
    assert isinstance(plan.step, Append | Replace)
    return Awaited(path=plan.step.path, was=plan.step.was)


def _values(tools: ChangeTools, subject: OpenSubject, flag: CancelFlag) -> dict[Editable, Any]:
    """What the agent's files say, from a whole read. A title that gives way to the first turn is as good as none."""
    arrangement = subject.arrangement
    summary = tools.store.rows.reading(subject.located, arrangement, flag).summary
    own_title = arrangement.title if arrangement.title_is_final else None
    return {
        "title": own_title or summary.title,
        "archived": arrangement.archived,
        "model": summary.model,
        "thinkingLevel": summary.thinking_level,
    }
