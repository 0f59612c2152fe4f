"""Plans the changes of Kimi CLI's sessions.

Source: kimi-cli 1.49, `session.py`, `session_fork.py`, `web/api/sessions.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from forkpoint.agents.adapter import Arrangement, Ask, Candidate, DirEntry, Disk, Home
from forkpoint.agents.kimi.arranging import WIRE
from forkpoint.agents.kimi.context import ContextReader
from forkpoint.agents.kimi.layout import CONTEXT_FILE, FLAT_SUFFIX, UPLOADS
from forkpoint.agents.kimi.reading import WireReader
from forkpoint.agents.kimi.writing import uploads
from forkpoint.agents.kimi.writing.fork_plan import branch
from forkpoint.agents.kimi.writing.small_files import SmallFile, stored
from forkpoint.agents.kimi.writing.state_file import change_state, new_state
from forkpoint.agents.kimi.writing.work_dirs_file import Registered, forget_last, register
from forkpoint.agents.writing import (
    Copied,
    Creation,
    Cut,
    Editable,
    ForkPlan,
    Lines,
    NewFile,
    NewFolder,
    Occasion,
    Plan,
    Retire,
    Subject,
)
from forkpoint.model.failures import NotSupported
from forkpoint.model.session import TITLE_LIMIT, UNTITLED, clip_title

_FOLDER_MODE = 0o755
_OPEN_FILE_MODE = 0o644
"""As Kimi makes folders and files with the usual umask; only what it replaces whole is for its owner alone."""
_FORKED = "Fork: "


class KimiWriter:
    """Plans for sessions in `~/.kimi`."""

    fields: frozenset[Editable] = frozenset({"title", "generatedTitle", "archived", "agentFields"})

    def editable(self, candidate: Candidate, arrangement: Arrangement) -> frozenset[Editable]:
        """All of it, but for a session of the old form, which has no folder for a state.json."""
        return frozenset() if _is_flat(candidate) else self.fields

    def create(self, home: Home, wanted: Creation, occasion: Occasion, disk: Disk) -> Ask | Plan:
        """Plan a new session: its work dir in kimi.json first, then its folder with an empty context."""
        _refuse_unknown(wanted, "create")
        if disk.rounds == 0:
            return Ask(folders=(home.path,), texts=(_index(home),))
        files = [NewFile(path=CONTEXT_FILE, content=(), mode=_OPEN_FILE_MODE)]
        if wanted.title:
            files.append(_state(wanted.title))
        return _new_session(home, register(SmallFile.of(disk, _index(home)), wanted.work_dir), files, occasion)

    def update(
        self, subject: Subject, changes: Mapping[Editable, Any], occasion: Occasion, disk: Disk
    ) -> Ask | Plan | None:
        """Plan a change of title, archive flag or exemption from archiving by age.

        Where metadata.json, the older form, would bring old values back, it is changed last, and that is the step: a
        change that was broken off before it leaves those values as they were.
        """
        unknown = [name for name in changes if name not in self.editable(subject.candidate, subject.arrangement)]
        if unknown:
            raise NotSupported(capability=unknown[0], reason="this session of Kimi's has no field for it")
        folder = subject.candidate.path
        paths = (f"{folder}/state.json", f"{folder}/metadata.json")
        if disk.rounds == 0:
            return Ask(folders=(folder,), texts=paths)
        state, metadata = (SmallFile.of(disk, path) for path in paths)
        change = change_state(state, metadata, changes, occasion.now)
        if change is None:
            return None
        before, step = ((), change.state) if change.metadata is None else ((change.state,), change.metadata)
        native_id = subject.candidate.native_id
        return Plan(before=before, step=step, native_id=native_id, path=folder, previous=change.previous)

    def delete(self, subject: Subject, disk: Disk) -> Ask | Plan:
        """Plan to take a session away: its folder, its flat old form, and its name as a folder's last session."""
        home, candidate = subject.home, subject.candidate
        group, _, name = candidate.path.rpartition("/")
        if disk.rounds == 0:
            return Ask(folders=(home.path, group), texts=(_index(home),))
        flat = _is_flat(candidate)
        other = DirEntry(candidate.native_id, "folder") if flat else DirEntry(name + FLAT_SUFFIX, "file")
        paths = [candidate.path, *([f"{group}/{other.name}"] if other in (disk.folder(group) or ()) else ())]
        forgotten = forget_last(SmallFile.of(disk, _index(home)), group.rpartition("/")[2], candidate.native_id)
        after = () if forgotten is None or candidate.facts.imported else (forgotten,)
        return Plan(step=Retire(paths=paths), after=after, native_id=candidate.native_id, path=candidate.path)

    def fork(
        self, subject: Subject, cut: Cut, wanted: Creation, occasion: Occasion, lines: Mapping[str, Lines], disk: Disk
    ) -> Ask | ForkPlan:
        """Plan a fork: log and context cut at one place, uploads that the kept lines speak of, a title.

        The lineage has no field in Kimi's files, and is left to whoever keeps notes. Raises EntryNotFound and
        TurnOutOfRange, and NotSupported where the context does not tell the place of the cut.
        """
        _refuse_unknown(wanted, "fork")
        candidate, home = subject.candidate, subject.home
        if candidate.remote is not None:
            raise NotSupported(capability="fork", reason="the session's work folder is on another machine")
        folder = f"{candidate.path}/{UPLOADS}"
        if disk.rounds == 0:
            return Ask(folders=(home.path, *(() if _is_flat(candidate) else (folder,))), texts=(_index(home),))
        names = uploads.candidates(disk.folder(folder))
        if names and disk.rounds == 1:
            return Ask(inner=[(candidate.path, f"{UPLOADS}/{name}") for name in names])
        reader = WireReader() if subject.arrangement.facts == WIRE else ContextReader()
        made = branch(reader, subject.arrangement.parts, lines, cut, subject.session_id, occasion.now)
        files = [NewFile(path=CONTEXT_FILE, content=made.context, mode=_OPEN_FILE_MODE)]
        if made.wire is not None:
            files.append(NewFile(path=f"{WIRE}.jsonl", content=made.wire, mode=_OPEN_FILE_MODE))
        files.append(_state(wanted.title or _fork_title(subject, reader, lines)))
        files += _uploaded(disk, candidate.path, uploads.spoken_of(names, made.lines()))
        registered = register(SmallFile.of(disk, _index(home)), wanted.work_dir)
        plan = _new_session(home, registered, files, occasion)
        return ForkPlan(plan=plan, prefill=made.prefill, closed_tool_calls=made.closed)


def _index(home: Home) -> str:
    return f"{home.path}/kimi.json"


def _is_flat(candidate: Candidate) -> bool:
    return bool(candidate.facts.flat)


def _refuse_unknown(wanted: Creation, change: str) -> None:
    if wanted.model is not None or wanted.thinking_level is not None:
        raise NotSupported(capability=change, reason="Kimi's sessions have no model or thinking level of their own")


def _state(title: str) -> NewFile:
    return NewFile(path="state.json", content=(stored(new_state(title)),), mode=0o600)


def _new_session(home: Home, registered: Registered, files: Sequence[NewFile], occasion: Occasion) -> Plan:
    path = f"{home.path}/sessions/{registered.key}/{occasion.new_id}"
    before = () if registered.change is None else (registered.change,)
    step = NewFolder(path=path, files=files, mode=_FOLDER_MODE)
    return Plan(before=before, step=step, native_id=occasion.new_id, path=path)


def _uploaded(disk: Disk, session: str, names: Sequence[str]) -> list[NewFile]:
    """Copy those that are files of the session's own folder; a link leads anywhere, and is none."""
    files: list[NewFile] = []
    for name in names:
        path = f"{session}/{UPLOADS}/{name}"
        stamp = disk.stamp(path)
        if stamp is not None:
            content = (Copied(path, 0, stamp.size, stamp, within=session),)
            files.append(NewFile(path=f"{UPLOADS}/{name}", content=content, mode=_OPEN_FILE_MODE))
    if files:
        sent = uploads.sent_marker([file.path.rpartition("/")[2] for file in files])
        files.append(NewFile(path=uploads.SENT, content=(sent,), mode=_OPEN_FILE_MODE))
    return files


def _fork_title(subject: Subject, reader: WireReader | ContextReader, lines: Mapping[str, Lines]) -> str:
    """Give the title of a fork: the source's behind one `Fork: `, however often that was forked."""
    title = subject.arrangement.title
    if title is None or not subject.arrangement.title_is_final:
        title = _first_turn(subject, reader, lines) or title or UNTITLED
    while title.startswith(_FORKED):
        title = title.removeprefix(_FORKED)
    return _FORKED + (clip_title(title, TITLE_LIMIT - len(_FORKED)) or UNTITLED)


def _first_turn(subject: Subject, reader: WireReader | ContextReader, lines: Mapping[str, Lines]) -> str | None:
    shown = lines[subject.arrangement.parts[0].name]
    for number in shown.path():
        line = shown.line(number)
        text = reader.turn_text(line, shown.read(number))[0].strip() if line.turn else ""
        if text:
            return text
    return None
