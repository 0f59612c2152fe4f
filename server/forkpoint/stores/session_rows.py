"""A located session as a row: what its index files, its transcript and its files' stamps say."""

import base64
import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence

import attrs

from forkpoint.agents.adapter import Arrangement, Summary
from forkpoint.model.failures import Discontinued, Unreadable
from forkpoint.model.problem import Problem
from forkpoint.model.session import UNTITLED, SessionRow, clip_title
from forkpoint.model.source import CONTEXT, SHOWN
from forkpoint.stores.disk import HomeFolder, LocalDisk, ask_in_rounds, problem_of
from forkpoint.stores.repositories import common_dir_of
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


class RowMaker:
    """Makes rows, and remembers what it read as long as the files stay the same."""

    def __init__(self) -> None:
        self._readings: OrderedDict[tuple[str, str], Reading] = OrderedDict()

    def arrange(self, located: Located, flag: CancelFlag) -> Arrangement:
        """Lay out one session as it is on disk now."""
        with HomeFolder(located.home.path) as home:
            disk = LocalDisk(home, flag)
            arrangement = ask_in_rounds(lambda seen: located.adapter.arrange(located.candidate, seen), disk)
            problems = [*disk.problems(), *arrangement.problems]
            return attrs.evolve(arrangement, problems=problems)

    def row(self, located: Located, walk: Walk, flag: CancelFlag, *, whole: bool = False) -> SessionRow:
        """Make a row; `whole` reads a transcript of any size, else one over 8 MiB only at its beginning."""
        try:
            arrangement = self.arrange(located, flag)
        except (Discontinued, Unreadable) as failure:
            arrangement = Arrangement(parts=(), problems=(problem_of(located.candidate.path, failure),))
        size, revision = _measure(arrangement)
        reading = self._reading(located, arrangement, revision, flag, whole=whole)
        return self._assemble(located, walk, arrangement, reading, size, revision)

    def _reading(
        self, located: Located, arrangement: Arrangement, revision: str, flag: CancelFlag, *, whole: bool
    ) -> Reading:
        key = (located.session_id, revision)
        known = self._readings.get(key)
        if known is not None and not (whole and known.partial):
            return known
        reading = read_transcript(located, arrangement, flag, whole=whole)
        self._readings[key] = reading
        while len(self._readings) > KEPT_READINGS:
            self._readings.popitem(last=False)
        return reading

    def _assemble(
        self, located: Located, walk: Walk, arrangement: Arrangement, reading: Reading, size: int, revision: str
    ) -> SessionRow:
        candidate, summary = located.candidate, reading.summary
        title, source = title_of(arrangement, summary)
        problems = [*arrangement.problems, *reading.problems]
        fields = {**(arrangement.agent_fields or {}), **(summary.agent_fields or {})}
        local = candidate.work_dir if candidate.remote is None else None
        return SessionRow(
            session_id=located.session_id,
            agent=located.adapter.info.id,
            profile=located.home.profile,
            native_id=printable(candidate.native_id),
            path=printable(candidate.path),
            path_base64=_base64_of(candidate.path),
            work_dir=None if candidate.work_dir is None else printable(candidate.work_dir),
            title=title,
            title_source=source,
            created_at=candidate.created_at if candidate.created_at is not None else summary.created_at,
            updated_at=candidate.updated_at,
            turn_count=reading.turn_count,
            message_count=None if reading.partial else summary.message_count,
            preview=None if reading.partial or not summary.preview else clip_title(summary.preview, PREVIEW_LIMIT),
            archived=arrangement.archived,
            archived_at=arrangement.archived_at,
            parent_session_id=walk.parent_of(located),
            child_session_ids=walk.children.get(located.session_id),
            repository=None if local is None else common_dir_of(local),
            status="unknown" if reading.partial else summary.status,
            usage=None if reading.partial else summary.usage,
            model=None if reading.partial else summary.model,
            thinking_level=None if reading.partial else summary.thinking_level,
            agent_fields=fields or None,
            resume=located.adapter.resume(candidate),
            problems=problems[:ROW_PROBLEMS],
            partial=True if reading.partial else None,
            size_bytes=size,
            revision=revision,
        )


def read_transcript(located: Located, arrangement: Arrangement, flag: CancelFlag, *, whole: bool) -> Reading:
    """Read what a row shows from the shown parts; what cannot be read costs its own row its counts and nothing more."""
    try:
        return _read(located, arrangement, flag, whole=whole)
    except Unreadable as failure:
        problem = problem_of(located.candidate.path, failure)
        return Reading(summary=Summary(), turn_count=None, problems=(problem,), partial=False)


def _read(located: Located, arrangement: Arrangement, flag: CancelFlag, *, whole: bool) -> Reading:
    transcript = Transcript(located.adapter, located.home.path, arrangement)
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


def title_of(arrangement: Arrangement, summary: Summary) -> tuple[str, str]:
    """Choose a title and say where it is from: an own or final one, the first turn, any other, or `Untitled`."""
    choices = (
        (arrangement.title if arrangement.title_is_final else None, arrangement.title_source),
        (summary.title, "custom"),
        (summary.first_turn, "derived"),
        (arrangement.title, arrangement.title_source),
    )
    for text, source in choices:
        title = clip_title(text or "")
        if title:
            return title, source
    return UNTITLED, "none"


def _measure(arrangement: Arrangement) -> tuple[int, str]:
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


def _base64_of(path: str) -> str | None:
    raw = os.fsencode(path)
    try:
        raw.decode()
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode()
    return None
