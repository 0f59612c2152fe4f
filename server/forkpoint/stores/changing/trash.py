"""The trash: sessions taken out of an agent's home, whole, and brought back.

On one device things are renamed, the session's own place first when they go and last when they come back. Killed
between two renames, the own place tells which world it is: `settle`, at the next start, brings the rest to it. Across
devices everything is copied, compared and made durable before the originals go; a process killed before the own place
went has changed nothing, and the copy is dropped.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress

import attrs

from forkpoint.agents.writing import Retire
from forkpoint.model.failures import Failure, FileNotFound, NameTaken, SessionBusy, SessionChangedOnDisk
from forkpoint.model.problem import Problem
from forkpoint.model.source import Stamp
from forkpoint.stores.changing.copying import same
from forkpoint.stores.changing.durable import is_there, make_home, sync_folder, telling
from forkpoint.stores.changing.locks import Leases
from forkpoint.stores.changing.moving import Carried, Moved
from forkpoint.stores.changing.places import Place, WritableHome
from forkpoint.stores.changing.settling import is_settled, settle_folder
from forkpoint.stores.changing.staging import PREFIX, StagingBook, remove_tree
from forkpoint.stores.changing.trash_folder import (
    ITEMS,
    UPLOADS,
    Item,
    Manifest,
    TrashLabel,
    read_manifest,
    write_manifest,
)
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.guarded_open import FOLDER_FLAGS
from forkpoint.stores.workers import CancelFlag


class Trash:
    """All folders of the trash; every call blocks and belongs into a worker thread."""

    def __init__(self, folder: str, leases: Leases, book: StagingBook) -> None:
        self.path = folder
        self.leases = leases
        self._book = book

    def folder_of(self, trash_id: str) -> str:
        """Give the folder of one trash id. Raises FileNotFound for what is no such id."""
        if not _is_id(trash_id):
            raise FileNotFound(path=trash_id)
        return os.path.join(self.path, trash_id)

    def listed(self) -> list[Manifest]:
        """Give what the trash holds, by its manifests alone; what has none is left out, or is not named by an id."""
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        found = (self.manifest(name) for name in names if _is_id(name))
        return [manifest for manifest in found if manifest is not None]

    def manifest(self, trash_id: str) -> Manifest | None:
        """Give what one folder says, under the id that the folder has: a person may have copied or renamed it.

        None for what is no id, or has no manifest.
        """
        found = read_manifest(os.path.join(self.path, trash_id)) if _is_id(trash_id) else None
        return None if found is None else attrs.evolve(found, label=attrs.evolve(found.label, trash_id=trash_id))

    def holds(self, trash_id: str) -> bool:
        """Whether a session's own place is in the trash. Raises FileNotFound for what is no id."""
        return os.path.lexists(os.path.join(self.folder_of(trash_id), ITEMS, "0"))

    def restore(self, trash_id: str, flag: CancelFlag) -> list[str]:
        """Bring a session back to where it was; gives its paths, its own place first.

        Raises FileNotFound, NameTaken, SessionBusy, NoSpace, Unwritable: it is whole in the trash then, and nothing was
        overwritten.
        """
        folder = self.folder_of(trash_id)
        with self.leases.single("trash", trash_id, flag), ExitStack() as stack:
            manifest = read_manifest(folder)
            if manifest is None:
                raise FileNotFound(path=folder)
            home = stack.enter_context(WritableHome(manifest.home))
            places = [home.place(item.path) for item in manifest.items]
            for place in places:
                if not place.missing and is_there(place.folder, place.name):
                    raise NameTaken(path=place.path)
            items = stack.enter_context(_opened(os.path.join(folder, ITEMS)))
            with telling(manifest.items[0].path):
                if _one_device(items, places):
                    _expect_moves(folder, manifest, items)
                    Moved(items.descriptor, places).bring_back(stack, flag)
                else:
                    Carried(folder, manifest, items.descriptor, places, self._book).bring_back(stack, flag)
            # It is back by now: what cannot be removed of its folder is removed by the next start.
            with suppress(Failure):
                self._drop(trash_id)
            return [item.path for item in manifest.items]

    def purge(self, trash_id: str, flag: CancelFlag) -> None:
        """Remove one folder of the trash for good. Raises FileNotFound, SessionBusy, Unwritable."""
        with self.leases.single("trash", trash_id, flag):
            if not os.path.isdir(self.folder_of(trash_id)):
                raise FileNotFound(path=self.folder_of(trash_id))
            self._drop(trash_id)

    def settle(self, flag: CancelFlag) -> list[Problem]:
        """Finish or undo what killed processes left half done; to be called before the staging is cleaned.

        Gives what could not be settled; it stays as it is, and nothing of it is lost.
        """
        problems: list[Problem] = []
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        for name in names:
            flag.check()
            if not name.startswith(PREFIX) and is_settled(os.path.join(self.path, name)):
                continue
            try:
                with self.leases.single("trash", name.removeprefix(PREFIX), flag, patience=0):
                    self._settle(name)
            except SessionBusy:
                continue  # a living process is at it
            except Failure as failure:
                path = os.path.join(self.path, name)
                problems.append(Problem(kind="notTidied", reason=failure.sentence(), path=path))
        return problems

    def _settle(self, name: str) -> None:
        path = os.path.join(self.path, name)
        with telling(path):
            if name.startswith(PREFIX):
                self._remove(name)
            elif os.path.isdir(path) and settle_folder(path, self._book) and not _has_uploads(path):
                self._drop(name)

    def _drop(self, name: str) -> None:
        """Let a folder of the trash vanish in one step, then remove it."""
        with telling(os.path.join(self.path, name)):
            os.rename(os.path.join(self.path, name), os.path.join(self.path, PREFIX + name))
            sync_folder(self.path)
            self._remove(PREFIX + name)

    def _remove(self, name: str) -> None:
        with _opened(self.path) as top:
            remove_tree(top.descriptor, name)

    def begin(self, home: str, places: list[Place], label: TrashLabel) -> Manifest:
        """Make a folder that says what is about to come, durable. Raises a Failure."""
        folder = self.folder_of(label.trash_id)
        make_home(self.path)
        with telling(folder):
            os.mkdir(folder, 0o700)
            os.mkdir(os.path.join(folder, ITEMS), 0o700)
            items = tuple(_item(place) for place in places)
            with _opened(self.path) as top:
                alike = _one_device(top, places)
            manifest = Manifest(label=label, home=home, items=items, state="moving" if alike else "copying")
            write_manifest(folder, manifest)
            sync_folder(self.path)
        return manifest

    def leave(self, trash_id: str) -> None:
        """Undo what a failed change began, as the next start would; its lease is held. Raises a Failure."""
        self._settle(trash_id)


def _has_uploads(path: str) -> bool:
    """Whether uploads wait in a folder of the trash whose session a person took out of it by hand."""
    return os.path.lexists(os.path.join(path, UPLOADS))


def _is_id(name: str) -> bool:
    return name.isascii() and name.replace("-", "").isalnum()


class _opened:
    """A folder of our own, open."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, FOLDER_FLAGS)

    def __enter__(self) -> "_opened":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def _one_device(folder: _opened, places: list[Place]) -> bool:
    device = os.fstat(folder.descriptor).st_dev
    return all(_device_of(place) == device for place in places)


def _device_of(place: Place) -> int:
    """The device of what is at a place, or of where it will be."""
    try:
        return os.stat(place.name, dir_fd=place.folder, follow_symlinks=False).st_dev
    except FileNotFoundError:
        return os.fstat(place.folder).st_dev


def _expect_moves(folder: str, manifest: Manifest, items: _opened) -> None:
    """Write down which files the things are now, if copying made others of them."""
    if manifest.state != "moving":
        now = [os.stat(str(number), dir_fd=items.descriptor, follow_symlinks=False) for number in _numbers(manifest)]
        found = tuple(
            Item(item.path, is_now.st_dev, is_now.st_ino) for item, is_now in zip(manifest.items, now, strict=True)
        )
        write_manifest(folder, attrs.evolve(manifest, state="moving", items=found, restored=()))


def _numbers(manifest: Manifest) -> range:
    return range(len(manifest.items))


def _belongs(path: str, retired: Sequence[str]) -> bool:
    return any(path == own or path.startswith(own + os.sep) for own in retired)


def _item(place: Place) -> Item:
    found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    return Item(place.path, found.st_dev, found.st_ino)


class Retiring:
    """The step that takes a session away; prepared it has a folder in the trash, and across devices its copies."""

    def __init__(
        self,
        home: WritableHome,
        step: Retire,
        trash: Trash,
        book: StagingBook,
        label: TrashLabel,
        seen: Mapping[str, Stamp],
        stack: ExitStack,
        flag: CancelFlag,
    ) -> None:
        places = [home.place(path) for path in step.paths]
        self.place = places[0]
        # What belongs to a session and is not there needs no taking away; the session itself has to be.
        self._places = [place for place in places if not place.missing and is_there(place.folder, place.name)]
        if self.place not in self._places:
            raise SessionChangedOnDisk(path=self.place.path)
        self._seen = {path: stamp for path, stamp in seen.items() if _belongs(path, step.paths)}
        self._trash = trash
        self._label = label
        self._stack = stack
        stack.enter_context(trash.leases.single("trash", label.trash_id, flag))
        self._committed = False
        stack.callback(self._leave)
        folder = trash.folder_of(label.trash_id)
        manifest = trash.begin(home.path, self._places, label)
        items = stack.enter_context(_opened(os.path.join(folder, ITEMS)))
        self._move: Moved | Carried
        if manifest.state == "moving":
            self._move = Moved(items.descriptor, self._places)
        else:
            self._move = Carried(folder, manifest, items.descriptor, self._places, book)
            with telling(self.place.path):
                self._move.copy_away(flag)

    def commit(self) -> None:
        """Take everything away, the session's own place first. Raises a Failure, and then everything is at home."""
        for path, was in self._seen.items():
            with telling(path):
                if not same(was, stamp_of(os.stat(path))):
                    raise SessionChangedOnDisk(path=path)
        with telling(self.place.path):
            self._move.take_away(self._stack)
        self._committed = True

    def _leave(self) -> None:
        if not self._committed:
            try:
                self._trash.leave(self._label.trash_id)
            except Failure:
                return  # the next start tries again
