"""What is known about one session beside its contents: looked at, with nothing taken and nothing written."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from forkpoint.agents.adapter import Arrangement
from forkpoint.model.entry import entry_id_at
from forkpoint.model.naming import camel_case
from forkpoint.model.notes import Notes
from forkpoint.model.problem import Problem
from forkpoint.model.relocation import Relocation
from forkpoint.model.session_facts import IndexFacts, LineageFacts, LockFacts, PartFacts, SessionFacts, StagedFacts
from forkpoint.model.source import SHOWN, Part
from forkpoint.stores.changing.processes import is_running, open_by
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.line_index import LineIndex
from forkpoint.stores.lock_signs import LockSign, locks_beside, sign_of
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_walk import Located, Walk, printable
from forkpoint.stores.workers import CancelFlag

SHOWN_PROBLEMS = 20
SHOWN_KINDS = 100
KIND_LENGTH = 64
"""A kind that a format does not know is whatever the file says."""

_NOTHING_READ = IndexFacts(kept=False, lines=0, entries=0, on_path=0, turns=0, branches=0, compactions=0, kinds={})


def facts_of(tools: ChangeTools, session_id: str, flag: CancelFlag) -> SessionFacts:
    """Say what is known about a session. Raises SessionNotFound."""
    located, walk = tools.store.finder.locate(session_id, flag, fresh=True)
    arrangement, is_read = tools.store.rows.arranged(located, flag)
    index, problems = _NOTHING_READ, [*arrangement.problems]
    if is_read:
        index, problems = _scanned(tools, located, arrangement, flag)
    row = tools.store.rows.row(located, walk, flag, whole=True)
    extensions = tools.state.plugin_values.read(session_id)
    lease = sign_of(tools.leases.file_of(session_id))
    return SessionFacts(
        session_id=session_id,
        agent=row.agent,
        path=row.path,
        home=printable(located.home.path),
        work_dir=row.work_dir,
        status=row.status,
        title_source=row.title_source,
        revision=row.revision,
        parts=[_part(part) for part in arrangement.parts],
        index=index,
        generations=[*arrangement.generations],
        problem_counts=dict(Counter(problem.kind for problem in problems)),
        problems=problems[:SHOWN_PROBLEMS],
        locks=[_lock(sign) for sign in locks_beside(arrangement)],
        lease=None if lease is None else _lock(lease),
        held_by=row.held_by,
        open_by=_opened_by(arrangement),
        grown_lately=tools.activity.growing(arrangement) is not None,
        notes=_noted(walk.own.of(session_id)),
        extension_counts={namespace: len(values) for namespace, values in extensions.items()},
        lineage=_lineage(tools, located, walk),
        relocations=_relocations(walk, located.candidate.work_dir),
        staging=_staging(tools, located),
    )


# --- files and lines --------------------------------------------------------------------------------------------


def _part(part: Part) -> PartFacts:
    try:
        stamp = stamp_of(os.stat(part.source.path))
    except OSError:
        stamp = None
    return PartFacts(
        name=part.name,
        role=part.role,
        path=printable(part.source.path),
        start=part.start,
        end=part.end,
        size_bytes=None if stamp is None else stamp.size,
        modified_at=None if stamp is None else stamp.mtime_ms,
    )


def _scanned(
    tools: ChangeTools, located: Located, arrangement: Arrangement, flag: CancelFlag
) -> tuple[IndexFacts, list[Problem]]:
    """Give what is in the shown parts, and everything that is wrong with the session."""
    transcript = tools.store.transcripts.of(located, arrangement)
    with transcript.opened() as opened:
        kept = transcript.has_index(opened)
        index = transcript.index(opened, flag, thorough=True)
        problems = [*arrangement.problems, *opened.problems, *index.problems, *index.tree_problems()]
        is_tree = transcript.reader.shape == "tree"
    return _index(located, index, kept=kept, is_tree=is_tree), problems


def _index(located: Located, index: LineIndex, *, kept: bool, is_tree: bool) -> IndexFacts:
    nodes, path = index.nodes(), index.current.path
    kinds = Counter(index.line(ordinal).kind for ordinal in range(len(index)))
    compactions = located.adapter.info.compaction_kinds
    return IndexFacts(
        kept=kept,
        lines=len(index),
        entries=len(nodes),
        on_path=len(path),
        turns=len(index.current.turns),
        branches=_branches(index, nodes) if is_tree else min(len(nodes), 1),
        leaf=_entry_id(index, path[-1]) if path else None,
        compactions=sum(count for kind, count in kinds.items() if kind in compactions),
        kinds={kind[:KIND_LENGTH]: count for kind, count in kinds.most_common(SHOWN_KINDS)},
    )


def _branches(index: LineIndex, nodes: Sequence[int]) -> int:
    followed = {index.line(ordinal).parent for ordinal in nodes}
    return sum(index.line(ordinal).id not in followed for ordinal in nodes)


def _entry_id(index: LineIndex, ordinal: int) -> str:
    place = index.place(ordinal)
    return index.line(ordinal).id or entry_id_at(place.part, place.offset)


# --- who is at it -----------------------------------------------------------------------------------------------


def _lock(sign: LockSign) -> LockFacts:
    return LockFacts(path=printable(sign.path), form=sign.form, held=sign.held, pid=sign.pid, since=sign.since)


def _opened_by(arrangement: Arrangement) -> list[int] | None:
    paths = {part.source.path for part in arrangement.parts if part.role == SHOWN}
    answers = [open_by(path) for path in paths]
    return None if None in answers else sorted({pid for pids in answers for pid in pids or ()})


# --- our own state ----------------------------------------------------------------------------------------------


def _noted(notes: Notes) -> dict[str, Any]:
    return {camel_case(name): value for name, value in attrs.asdict(notes).items() if value}


def _lineage(tools: ChangeTools, located: Located, walk: Walk) -> LineageFacts:
    noted = tools.state.lineage.of(located.session_id)
    parent_path = located.candidate.parent_path
    return LineageFacts(
        parent_path=None if parent_path is None else printable(parent_path),
        noted_parent=None if noted is None else noted.parent,
        entry_id=None if noted is None else noted.entry_id,
        turn=None if noted is None else noted.turn,
        noted_at=None if noted is None else noted.at,
        children=[*walk.children.get(located.session_id, ())],
    )


def _relocations(walk: Walk, work_dir: str | None) -> list[Relocation]:
    """Give the moves of folders that a work dir lies in, by its old path or by its new one."""
    if work_dir is None:
        return []
    return [
        Relocation(folder=printable(old), moved_to=printable(new))
        for old, new in sorted(walk.own.relocations.items())
        if _is_in(work_dir, (old, new))
    ]


def _staging(tools: ChangeTools, located: Located) -> list[StagedFacts]:
    path = os.path.realpath(located.candidate.path)
    places = (path, os.path.dirname(path))
    return [
        StagedFacts(path=printable(note.path), pid=note.process.pid, running=is_running(note.process))
        for note in tools.state.staging.notes()
        if _is_in(note.path, places[:1]) or os.path.dirname(note.path) == places[1]
    ]


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
