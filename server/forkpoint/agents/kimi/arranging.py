"""How one session is laid out: its log, its contexts, and what its index files say.

Source: kimi-cli 1.49. `wire.jsonl` is what the user saw, `context.jsonl` what the model sees, `context_<N>.jsonl` are
contexts moved aside by a compaction, a clear or an undo.
"""

import re
import uuid

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, Disk
from forkpoint.agents.kimi.index_files import SessionState, merge_metadata, read_state
from forkpoint.agents.kimi.layout import CONTEXT_FILE, UPLOADS, Form
from forkpoint.model.problem import Problem
from forkpoint.model.source import CONTEXT, INDEX, SHOWN, SIDE, FileSource, Part

WIRE = "wire"
CONTEXT_PART = "context"
"""The names of the two parts a conversation is read from; they begin its entry ids."""

_ROTATED = re.compile(r"context_([0-9]{1,9})\.jsonl")


def arrange(candidate: Candidate, disk: Disk) -> Ask | Arrangement:
    """Lay out one session; without a wire log that can be read its context is what is shown."""
    form: Form = candidate.facts
    if form.flat:
        parts = [Part(CONTEXT_PART, FileSource(candidate.path), SHOWN)]
        return Arrangement(parts=parts, facts=CONTEXT_PART, agent_fields=_fields(candidate, SessionState()))
    folder = candidate.path
    wire, context = f"{folder}/wire.jsonl", f"{folder}/{CONTEXT_FILE}"
    index_files = (f"{folder}/state.json", f"{folder}/metadata.json")
    if disk.rounds == 0:
        return Ask(folders=(folder,), stamps=(wire, context), texts=index_files)
    rotated = [f"{folder}/{name}" for name in _rotated_names(candidate, disk)]
    if rotated and disk.rounds == 1:
        return Ask(stamps=rotated)
    state, problems = _state(disk, *index_files)
    parts, shown = _parts(disk, wire, context, rotated)
    parts += [Part(_stem(path), FileSource(path), INDEX) for path in index_files if disk.stamp(path) is not None]
    return Arrangement(
        parts=parts,
        title=state.title,
        title_source="custom" if state.title_generated else "generated",
        title_is_final=state.title_generated,
        archived=state.archived,
        archived_at=state.archived_ms,
        auto_archive_exempt=state.auto_archive_exempt,
        agent_fields=_fields(candidate, state),
        generations=[_stem(path) for path in rotated if disk.stamp(path) is not None],
        uploads=f"{folder}/{UPLOADS}",
        problems=problems,
        facts=shown,
    )


def _rotated_names(candidate: Candidate, disk: Disk) -> list[str]:
    found: list[tuple[int, str]] = []
    for name, kind in disk.folder(candidate.path) or ():
        number = _ROTATED.fullmatch(name)
        if number is not None and kind == "file":
            found.append((int(number[1]), name))
    return [name for _, name in sorted(found)]


def _parts(disk: Disk, wire: str, context: str, rotated: list[str]) -> tuple[list[Part], str | None]:
    """Give the parts, and the name of the shown one."""
    log, current = disk.stamp(wire), disk.stamp(context)
    shown = WIRE if log is not None and (log.size > 0 or current is None) else CONTEXT_PART
    parts: list[Part] = []
    if log is not None:
        parts.append(Part(WIRE, FileSource(wire), SHOWN if shown == WIRE else SIDE))
    if current is not None:
        parts.append(Part(CONTEXT_PART, FileSource(context), SHOWN if shown == CONTEXT_PART else CONTEXT))
    parts.sort(key=lambda part: part.role != SHOWN)
    parts += [Part(_stem(path), FileSource(path), CONTEXT) for path in rotated if disk.stamp(path) is not None]
    return parts, shown if parts else None


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _state(disk: Disk, state_path: str, metadata_path: str) -> tuple[SessionState, list[Problem]]:
    state, reason = read_state(disk.text(state_path))
    reasons = {state_path: reason, metadata_path: merge_metadata(state, disk.text(metadata_path))}
    return state, [
        Problem(kind="badIndexFile", reason=reason, path=path) for path, reason in reasons.items() if reason is not None
    ]


def _fields(candidate: Candidate, state: SessionState) -> dict[str, object] | None:
    fields: dict[str, object] = dict(state.fields())
    if candidate.facts.imported:
        fields["imported"] = True
    if candidate.remote is not None:
        fields["kaos"] = candidate.remote
    if not _is_uuid(candidate.native_id):
        fields["name"] = candidate.native_id
    return fields or None


def _is_uuid(name: str) -> bool:
    try:
        uuid.UUID(name)
    except ValueError:
        return False
    return True
