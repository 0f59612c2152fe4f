"""Titles made out of what was said, for sessions that no person gave one."""

from typing import Literal

import attrs

from forkpoint.model.session import SessionRow
from forkpoint.parsing.titles import title_from
from forkpoint.stores.changing.runner import NOBODY_CANCELS
from forkpoint.stores.session_changes.edits import apply_changes
from forkpoint.stores.session_changes.subjects import OpenSubject, opened_subject
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_rows import editable_of, title_of
from forkpoint.stores.workers import CancelFlag

Reason = Literal["customTitle", "noText"]
CUSTOM, GENERATED = "custom", "generated"


@attrs.frozen(kw_only=True)
class Titled:
    """What became of a session's title."""

    row: SessionRow
    changed: bool
    previous: str | None
    """The person's title that was there before; None when there was none."""
    reason: Reason | None
    """Why no title was made; None when one was, or had been."""


def generate_title(tools: ChangeTools, session_id: str, *, force: bool, flag: CancelFlag) -> Titled:
    """Give a session a title made of its first words; `force` lets it take the place of a person's. Raises a Failure.

    The agent keeps it where its format tells such a title from a first turn, else our notes do.
    """
    reason: Reason | None = None
    with tools.leases.sessions([session_id], flag):
        located, walk = tools.store.finder.locate(session_id, flag)
        with opened_subject(tools.store, located, flag) as subject:
            before, source = _title_now(tools, subject, flag)
            custom = before if source == CUSTOM else None
            made = title_from(subject.turn_texts())
            if custom is not None and not force:
                reason = "customTitle"
            elif made is None:
                reason = "noText"
            elif (before, source) != (made, GENERATED):
                cleared = {} if custom is None else {"title": None}
                apply_changes(tools, subject, {**cleared, "generatedTitle": made}, flag)
        walk = tools.store.finder.with_notes(walk, session_id)
        row = tools.store.rows.row(located, walk, NOBODY_CANCELS, whole=True)
    if reason is None and row.title_source == CUSTOM:
        reason = "customTitle"  # somebody named it just now, in the agent itself
    changed = reason is None and (before, source) != (made, GENERATED)
    return Titled(row=row, changed=changed, previous=custom, reason=reason)


def _title_now(tools: ChangeTools, subject: OpenSubject, flag: CancelFlag) -> tuple[str, str]:
    """Give the title as a row shows it, and where it is from, from a whole read."""
    located = subject.located
    summary = tools.store.rows.reading(located, subject.arrangement, flag).summary
    return title_of(
        subject.arrangement,
        summary,
        tools.state.own_notes().of(located.session_id),
        title_is_theirs="title" in editable_of(located, subject.arrangement),
    )
