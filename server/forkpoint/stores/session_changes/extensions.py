"""What plugins keep with a session, under names of their own; in our notes, never in an agent's files."""

from typing import Any

import attrs

from forkpoint.model.notes import plugin_value_text
from forkpoint.model.session import SessionRow
from forkpoint.stores.changing.runner import NOBODY_CANCELS
from forkpoint.stores.session_changes.edits import require_revision
from forkpoint.stores.session_changes.subjects import opened_subject
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.workers import CancelFlag


@attrs.frozen
class Extension:
    """One value, or that there is none."""

    there: bool
    value: Any = None
    """JSON; null is a value too."""


@attrs.frozen(kw_only=True)
class Extended:
    """A value that was kept or removed."""

    row: SessionRow
    """With everything that plugins keep with the session."""
    previous: Extension
    changed: bool


def extend(
    tools: ChangeTools,
    session_id: str,
    namespace: str,
    key: str,
    wanted: Extension,
    if_revision: str | None,
    flag: CancelFlag,
) -> Extended:
    """Keep a value in the place of the one before, or remove it. Raises a Failure, and then nothing has changed."""
    with tools.leases.sessions([session_id], flag):
        located, walk = tools.store.finder.locate(session_id, flag)
        if if_revision is not None:
            with opened_subject(tools.store, located, flag) as subject:
                require_revision(tools, subject, if_revision)
        values = tools.state.plugin_values
        named = values.read(session_id).get(namespace, {})
        before = Extension(key in named, named.get(key))
        changed = not _same(before, wanted)
        if changed and wanted.there:
            values.set(session_id, namespace, key, wanted.value)
        elif changed:
            values.unset(session_id, namespace, key)
        row = tools.store.detailed(located, tools.store.finder.with_notes(walk, session_id), NOBODY_CANCELS)
    return Extended(row=row, previous=before, changed=changed)


def _same(one: Extension, other: Extension) -> bool:
    """Whether two values are the same JSON; 1, 1.0 and true are not."""
    if not (one.there and other.there):
        return one.there == other.there
    return plugin_value_text(one.value) == plugin_value_text(other.value)
