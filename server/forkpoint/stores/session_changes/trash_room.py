"""Sessions taken away and brought back, and what there is of a session beside its present state."""

import os
import uuid
from contextlib import suppress

import attrs

from forkpoint.agents.writing import Plan, Retire
from forkpoint.model.failures import Failure, FileNotFound, NotSupported, SessionBusy, TrashNotFound, Unreadable
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.stores.changing.runner import NOBODY_CANCELS
from forkpoint.stores.changing.trash_folder import Manifest, TrashLabel
from forkpoint.stores.session_changes import own_uploads
from forkpoint.stores.session_changes.subjects import opened_subject, writer_of
from forkpoint.stores.session_changes.tools import ChangeTools, now_ms
from forkpoint.stores.session_walk import Located, Walk
from forkpoint.stores.state.trash_book import TrashedFile, TrashItem
from forkpoint.stores.workers import CancelFlag

_DAY_MS = 86_400_000


@attrs.frozen(kw_only=True)
class Restored:
    """A session that is back."""

    row: SessionRow
    problems: list[Problem]


@attrs.frozen(kw_only=True)
class Trashed:
    """One session in the trash."""

    manifest: Manifest
    item: TrashItem | None
    """What the book has of it; None when the book was lost."""


def delete(
    tools: ChangeTools, session_id: str, *, permanently: bool, force: bool, kept_days: int, flag: CancelFlag
) -> str | None:
    """Take a session away; gives its id in the trash, None when it is gone for good. Raises a Failure.

    One that is to go for good passes through the trash, and never stays there: a killed process's work is finished.
    """
    with tools.leases.sessions([session_id], flag):
        located, walk = tools.store.finder.locate(session_id, flag)
        writer = writer_of(located, "delete")
        title = tools.store.rows.row(located, walk, flag).title
        with opened_subject(tools.store, located, flag) as subject:
            growing = tools.activity.growing(subject.arrangement)
            if growing is not None and not force:
                raise SessionBusy(what=session_id, holder="unknown; it was written to a moment ago")
            label = TrashLabel(trash_id=str(uuid.uuid4()), session_id=session_id, title=title, retired_at=now_ms())
            about = subject.plain()
            expires_at = label.retired_at + kept_days * _DAY_MS
            with _Entry(tools, located, label, expires_at, leaving=permanently) as entry:
                tools.carry_out(
                    located.home,
                    lambda disk: writer.delete(about, disk),
                    flag,
                    expect=entry.enter,
                    seen=subject.stamps,
                    label=label,
                )
        own_uploads.put_away(tools, session_id, label.trash_id)
        # It is gone by now: what the book cannot take, for want of room, is put right by the next start.
        with suppress(Failure):
            tools.state.trash.settle(label.trash_id)
        if not permanently:
            return label.trash_id
        # What cannot be removed just now is noted as leaving, and the next start goes on with it.
        with suppress(Failure):
            _finish(tools, session_id, label.trash_id, NOBODY_CANCELS)
    return None


class _Entry:
    """The line of the book about a session that is being taken away; struck out when it stays."""

    def __init__(
        self, tools: ChangeTools, located: Located, label: TrashLabel, expires_at: int, *, leaving: bool
    ) -> None:
        self._tools = tools
        self._located = located
        self._label = label
        self._expires_at = expires_at
        self._leaving = leaving
        self._entered = False

    def enter(self, plan: Plan) -> None:
        """Write it down, once."""
        if self._entered:
            return
        assert isinstance(plan.step, Retire)
        items = os.path.join(self._tools.trash.folder_of(self._label.trash_id), "items")
        there = [path for path in plan.step.paths if os.path.lexists(path)]
        self._tools.state.trash.enter(
            TrashItem(
                trash_id=self._label.trash_id,
                session_id=self._label.session_id,
                agent=self._located.adapter.info.id,
                title=self._label.title,
                work_dir=self._located.work_dir,
                deleted_at=self._label.retired_at,
                expires_at=self._expires_at,
                leaving=self._leaving,
                files=[
                    TrashedFile(original=path, kept=os.path.join(items, str(number)))
                    for number, path in enumerate(there)
                ],
            )
        )
        self._entered = True

    def __enter__(self) -> "_Entry":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._entered:
            self._tools.state.trash.remove(self._label.trash_id)


def restore(tools: ChangeTools, trash_id: str, flag: CancelFlag) -> Restored:
    """Bring a session back. Raises a Failure, and then it is whole in the trash, or Unreadable: then it is back."""
    manifest = _in_trash(tools, trash_id).manifest
    session_id = manifest.label.session_id
    with tools.leases.sessions([session_id], flag):
        _require_home(tools, manifest)
        own_uploads.bring_back(tools, session_id, trash_id)
        try:
            own_path, *_ = tools.trash.restore(trash_id, flag)
        except BaseException as problem:
            own_uploads.put_away(tools, session_id, trash_id)
            if isinstance(problem, FileNotFound):
                raise TrashNotFound(trash_id=trash_id) from problem
            raise
        located, walk = _found(tools, own_path)
        tools.activity.remember_parts(tools.store.rows.arranged(located, NOBODY_CANCELS)[0])
        problems = _put_notes_back(tools, trash_id, located, own_path)
        walk = tools.store.finder.with_notes(walk, located.session_id)
        return Restored(row=tools.store.rows.row(located, walk, NOBODY_CANCELS), problems=problems)


def _require_home(tools: ChangeTools, manifest: Manifest) -> None:
    """Refuse to bring a session back to where nobody would find it: its home has moved, or its disk is not there.

    Raises NotSupported.
    """
    finder = tools.store.finder
    for adapter in finder.adapters:
        for home in finder.possible_homes(adapter):
            there = os.path.isdir(home.path) or finder.is_in_own_state(home)
            if home.path == manifest.home and there:
                return
    reason = f"it was in {manifest.home!r}, which is no folder now that an agent's sessions are looked for in"
    raise NotSupported(capability="restore", reason=reason)


def purge(tools: ChangeTools, trash_id: str, flag: CancelFlag) -> None:
    """Remove a session from the trash for good, with what is noted about it. Raises a Failure."""
    session_id = _in_trash(tools, trash_id).manifest.label.session_id
    with tools.leases.sessions([session_id], flag):
        tools.state.trash.let_go(trash_id)
        try:
            _finish(tools, session_id, trash_id, flag)
        except FileNotFound as gone:
            raise TrashNotFound(trash_id=trash_id) from gone


def _finish(tools: ChangeTools, session_id: str, trash_id: str, flag: CancelFlag) -> None:
    """Remove what the book says is leaving, files first: until the book is done, the next start goes on with it."""
    if own_uploads.are_returning(tools, trash_id):
        own_uploads.put_away(tools, session_id, trash_id)
    tools.trash.purge(trash_id, flag)
    tools.state.trash.remove(trash_id)


def _in_trash(tools: ChangeTools, trash_id: str) -> Trashed:
    manifest = tools.trash.manifest(trash_id)
    if manifest is None or not tools.trash.holds(trash_id):
        raise TrashNotFound(trash_id=trash_id)
    return Trashed(manifest=manifest, item=tools.state.trash.get(trash_id))


def _found(tools: ChangeTools, path: str) -> tuple[Located, Walk]:
    found = tools.store.finder.find_at(path, NOBODY_CANCELS)
    if found is None:
        raise Unreadable(path=path, reason="it is back in its place, and is nothing that can be read as a session")
    return found


def _put_notes_back(tools: ChangeTools, trash_id: str, located: Located, path: str) -> list[Problem]:
    try:
        lost = tools.state.trash.take(trash_id, located.session_id)
    except Failure as failure:
        # It is back by now, and the next start gives it its notes.
        return [Problem(kind="notNoted", reason=f"label and other notes: {failure.sentence()}", path=path)]
    if lost is None:
        return []
    return [Problem(kind="labelInUse", reason=f"the label {lost!r} belongs to another session now", path=path)]


def listed(tools: ChangeTools) -> list[Trashed]:
    """Give what lies in the trash, the newest first."""
    book = {item.trash_id: item for item in tools.state.trash.items()}
    manifests = [manifest for manifest in tools.trash.listed() if tools.trash.holds(manifest.label.trash_id)]
    found = [Trashed(manifest=manifest, item=book.get(manifest.label.trash_id)) for manifest in manifests]
    return sorted(found, key=lambda each: (-each.manifest.label.retired_at, each.manifest.label.trash_id))


def expired(tools: ChangeTools, kept_days: int, now: int) -> list[Trashed]:
    """Give what has lain in the trash for its time: as long as it was promised, and as `kept_days` says today.

    What the book has lost goes by the day its own label names. The longest expired come first.
    """
    over = (each for each in listed(tools) if (at := _expiry(each, kept_days)) is not None and at <= now)
    return sorted(over, key=lambda each: each.manifest.label.retired_at)


def _expiry(each: Trashed, kept_days: int) -> int | None:
    """When it may go; None for never."""
    today = each.manifest.label.retired_at + kept_days * _DAY_MS
    if each.item is None:
        return today
    return None if each.item.expires_at is None else max(each.item.expires_at, today)


def let_go(tools: ChangeTools, trash_id: str, kept_days: int, flag: CancelFlag) -> bool:
    """Remove an expired session for good; False when it is not expired any more. Raises a Failure."""
    session_id = _in_trash(tools, trash_id).manifest.label.session_id
    with tools.leases.sessions([session_id], flag, patience=0):
        manifest = _in_trash(tools, trash_id).manifest
        at = _expiry(Trashed(manifest=manifest, item=tools.state.trash.known(trash_id)), kept_days)
        if at is None or at > now_ms():
            return False
        tools.state.trash.let_go(trash_id)
        _finish(tools, session_id, trash_id, flag)
    return True


def settle_book(tools: ChangeTools, flag: CancelFlag) -> None:
    """Let the book say what the disk says, where a killed process left the two apart."""
    for item in tools.state.trash.items():
        flag.check()
        done = item.settled and not item.leaving and tools.trash.holds(item.trash_id)
        if done and not own_uploads.are_returning(tools, item.trash_id):
            continue
        # A living process is at it, or it cannot be removed, or noted: that keeps nobody from changing other sessions.
        with suppress(Failure), tools.leases.sessions([item.session_id], flag, patience=0):
            _settle_item(tools, item, flag)


def _settle_item(tools: ChangeTools, item: TrashItem, flag: CancelFlag) -> None:
    if tools.trash.holds(item.trash_id):
        # What lies at the place of a settled one's uploads may be those of a session that has its id by now.
        if not item.settled or own_uploads.are_returning(tools, item.trash_id):
            own_uploads.put_away(tools, item.session_id, item.trash_id)
        tools.state.trash.settle(item.trash_id)
        if item.leaving:
            _finish(tools, item.session_id, item.trash_id, flag)
    elif not item.settled or item.leaving:
        tools.state.trash.remove(item.trash_id)
    elif item.files and os.path.lexists(item.files[0].original):
        own_uploads.bring_back(tools, item.session_id, item.trash_id)
        tools.state.trash.take(item.trash_id)
