"""A located session as a row: what its index files, its transcript and its files' stamps say."""

import base64
import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import attrs

from forkpoint.agents.adapter import Arrangement, Summary
from forkpoint.agents.writing import Editable
from forkpoint.model.failures import Discontinued, Unreadable
from forkpoint.model.notes import Notes
from forkpoint.model.problem import Problem
from forkpoint.model.session import UNTITLED, SessionRow, clip_title
from forkpoint.model.source import CONTEXT, SHOWN
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds, problem_of
from forkpoint.stores.kept_transcripts import KeptTranscripts
from forkpoint.stores.lock_signs import holder_of
from forkpoint.stores.repositories import common_dir_of
from forkpoint.stores.session_changes.activity import Activity
from forkpoint.stores.session_walk import Located, Walk, printable
from forkpoint.stores.transcript import WHOLE_READ_LIMIT, Transcript
from forkpoint.stores.workers import CancelFlag

ROW_PROBLEMS = 20
"""How many problems a row carries."""
PREVIEW_LIMIT = 200
"""The longest preview, in characters."""
KEPT_READINGS = 4096
"""How many whole reads are remembered, each a few hundred bytes."""


@attrs.frozen(kw_only=True)
class Reading:
    """What reading a session's transcript gave."""

    summary: Summary
    turn_count: int | None
    problems: Sequence[Problem]
    partial: bool


_NOTHING_READ = Reading(summary=Summary(), turn_count=None, problems=(), partial=False)


class RowMaker:
    """Makes rows, and remembers what it read as long as the files stay the same."""

    def __init__(self, transcripts: KeptTranscripts) -> None:
        self.activity = Activity()
        """What this process wrote itself, which is no sign that somebody else works on a session."""
        self._readings: OrderedDict[tuple[str, str], tuple[Any, Reading]] = OrderedDict()
        """By session and state of its shown parts, with the facts that its reader was made from."""
        self._transcripts = transcripts

    def arrange(self, located: Located, flag: CancelFlag) -> Arrangement:
        """Lay out one session as it is on disk now."""
        with HomeFolder(located.home.path) as home:
            disk = LocalDisk(home, flag)
            arrangement = ask_in_rounds(lambda seen: located.adapter.arrange(located.candidate, seen), disk)
            problems = [*disk.problems(), *arrangement.problems]
            return attrs.evolve(arrangement, problems=problems)

    def arranged(self, located: Located, flag: CancelFlag) -> tuple[Arrangement, bool]:
        """Lay out one session, and tell whether it can be read; one that cannot has no parts and says why."""
        try:
            return self.arrange(located, flag), True
        except (Discontinued, Unreadable) as failure:
            return Arrangement(parts=(), problems=(problem_of(located.candidate.path, failure),)), False

    def row(self, located: Located, walk: Walk, flag: CancelFlag, *, whole: bool = False) -> SessionRow:
        """Make a row; `whole` reads a transcript of any size, else one over 8 MiB only at its beginning.

        Who holds the session is looked for with `whole` alone.
        """
        arrangement, is_read = self.arranged(located, flag)
        size, revision = measure(arrangement)
        reading = self._reading(located, arrangement, flag, whole=whole) if is_read else _NOTHING_READ
        row = self._assemble(located, walk, arrangement, reading, size, revision)
        row.held_by = holder_of(located.adapter.info.id, arrangement) if whole else None
        return row

    def reading(self, located: Located, arrangement: Arrangement, flag: CancelFlag) -> Reading:
        """Read a transcript of any size whole."""
        return self._reading(located, arrangement, flag, whole=True)

    def _reading(self, located: Located, arrangement: Arrangement, flag: CancelFlag, *, whole: bool) -> Reading:
        # A title in an index file of its own leaves what was read of the transcript as it was.
        shown = attrs.evolve(arrangement, parts=[part for part in arrangement.parts if part.role == SHOWN])
        key = (located.session_id, measure(shown)[1])
        facts, known = self._readings.get(key, (None, None))
        if known is not None and facts == arrangement.facts and not (whole and known.partial):
            return known
        transcript = self._transcripts.known(located, arrangement)
        reading = read_transcript(located, arrangement, flag, whole=whole, kept=transcript)
        self._readings[key] = arrangement.facts, reading
        while len(self._readings) > KEPT_READINGS:
            self._readings.popitem(last=False)
        return reading

    def _assemble(
        self, located: Located, walk: Walk, arrangement: Arrangement, reading: Reading, size: int, revision: str
    ) -> SessionRow:
        candidate, summary = located.candidate, reading.summary
        notes = walk.own.of(located.session_id)
        own_fields = editable_of(located, arrangement) if arrangement.parts else frozenset[Editable]()
        title, source = title_of(arrangement, summary, notes, title_is_theirs="title" in own_fields)
        archived, archived_at = _archived(arrangement, notes)
        problems = [*arrangement.problems, *reading.problems]
        fields = {**(arrangement.agent_fields or {}), **(summary.agent_fields or {})}
        local = located.work_dir if candidate.remote is None else None
        return SessionRow(
            session_id=located.session_id,
            agent=located.adapter.info.id,
            profile=located.home.profile,
            native_id=printable(candidate.native_id),
            path=printable(candidate.path),
            path_base64=_base64_of(candidate.path),
            work_dir=None if located.work_dir is None else printable(located.work_dir),
            title=title,
            title_source=source,
            created_at=candidate.created_at if candidate.created_at is not None else summary.created_at,
            updated_at=candidate.updated_at,
            turn_count=reading.turn_count,
            message_count=None if reading.partial else summary.message_count,
            preview=None if reading.partial or not summary.preview else clip_title(summary.preview, PREVIEW_LIMIT),
            archived=archived,
            archived_at=archived_at,
            pinned=notes.pinned,
            label=notes.label,
            group=notes.group,
            parent_session_id=walk.parent_of(located),
            child_session_ids=walk.children.get(located.session_id),
            repository=None if local is None else common_dir_of(local),
            status=self._status(arrangement, reading),
            usage=None if reading.partial else summary.usage,
            model=_chosen(notes.model, summary.model, reading, is_theirs="model" in own_fields),
            thinking_level=_chosen(
                notes.thinking_level, summary.thinking_level, reading, is_theirs="thinkingLevel" in own_fields
            ),
            agent_fields=fields or None,
            resume=located.resume,
            problems=problems[:ROW_PROBLEMS],
            partial=True if reading.partial else None,
            size_bytes=size,
            revision=revision_of(revision, notes),
        )

    def _status(self, arrangement: Arrangement, reading: Reading) -> str:
        """What the log says; where it says nothing, a file that somebody else wrote to just now says: running."""
        said = "unknown" if reading.partial else reading.summary.status
        return "running" if said == "unknown" and self.activity.growing(arrangement) is not None else said


def read_transcript(
    located: Located, arrangement: Arrangement, flag: CancelFlag, *, whole: bool, kept: Transcript | None = None
) -> Reading:
    """Read what a row shows from the shown parts; what cannot be read costs its own row its counts and nothing more.

    Of a kept transcript only what was added since is read.
    """
    try:
        return _read(kept or Transcript(located.adapter, located.home.path, arrangement), flag, whole=whole)
    except Unreadable as failure:
        problem = problem_of(located.candidate.path, failure)
        return Reading(summary=Summary(), turn_count=None, problems=(problem,), partial=False)


def _read(transcript: Transcript, flag: CancelFlag, *, whole: bool) -> Reading:
    with transcript.opened() as opened:
        if opened.size > WHOLE_READ_LIMIT and not whole:
            summary = transcript.head_summary(opened, flag)
            return Reading(summary=summary, turn_count=None, problems=(), partial=True)
        index = transcript.index(opened, flag, thorough=True)
        summary = transcript.summary(index) or Summary()
        problems = [*opened.problems, *index.problems, *index.tree_problems()]
        return Reading(
            summary=summary, turn_count=len(index.current.turns), problems=problems[:ROW_PROBLEMS], partial=False
        )


def title_of(
    arrangement: Arrangement, summary: Summary, notes: Notes, *, title_is_theirs: bool = False
) -> tuple[str, str]:
    """Choose a title and say where it is from: an own or final one, a generated one, the first turn, or `Untitled`.

    A title of our notes goes first, unless this session's files take one from us (`title_is_theirs`): then it was
    noted before they did, and theirs goes before. A final title of theirs that we made is a generated one.
    """
    final = arrangement.title if arrangement.title_is_final else None
    made = final is not None and final == notes.generated_title
    choices = (
        (None if title_is_theirs else notes.title, "custom"),
        (final, "generated" if made else arrangement.title_source),
        (summary.title, "custom"),
        (notes.title, "custom"),
        (notes.generated_title, "generated"),
        (summary.first_turn, "derived"),
        (arrangement.title, arrangement.title_source),
    )
    for text, source in choices:
        title = clip_title(text or "")
        if title:
            return title, source
    return UNTITLED, "none"


def editable_of(located: Located, arrangement: Arrangement) -> frozenset[Editable]:
    """Give the fields that changes of a session write into its agent's own files; all others go into our notes."""
    writer = located.adapter.writer
    return frozenset() if writer is None else writer.editable(located.candidate, arrangement)


def _archived(arrangement: Arrangement, notes: Notes) -> tuple[bool, int | None]:
    """The agent's own flag, or ours, which may be older than the place in its files for one."""
    if arrangement.archived or not notes.archived:
        return arrangement.archived, arrangement.archived_at
    return True, notes.archived_at


def _chosen(noted: str | None, read: str | None, reading: Reading, *, is_theirs: bool) -> str | None:
    """A model or level: ours counts first, unless this session's files take one from us."""
    said = None if reading.partial else read
    return said or noted if is_theirs else noted or said


def measure(arrangement: Arrangement) -> tuple[int, str]:
    """The bytes of the transcript files, and a revision made of the stamps of all files."""
    size = 0
    digest = hashlib.sha256()
    for path, role in {part.source.path: part.role for part in arrangement.parts}.items():
        try:
            found = os.stat(path)
        except OSError:
            continue
        if role in (SHOWN, CONTEXT):
            size += found.st_size
        digest.update(f"{found.st_size} {found.st_mtime_ns} {found.st_ino} ".encode() + os.fsencode(path))
    return size, digest.hexdigest()[:16]


def revision_of(files: str, notes: Notes) -> str:
    """Give a session's revision, of that of its files and of what is noted about it."""
    return f"{files}-{notes.revision}" if notes.revision else files


def _base64_of(path: str) -> str | None:
    raw = os.fsencode(path)
    try:
        raw.decode()
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode()
    return None
