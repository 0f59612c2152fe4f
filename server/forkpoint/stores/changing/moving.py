"""The two ways between a home and the trash: renames on one device, copies across two."""

import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress

import attrs

from forkpoint.model.failures import SessionChangedOnDisk, Unwritable
from forkpoint.stores.changing.durable import rename_new
from forkpoint.stores.changing.places import Place
from forkpoint.stores.changing.staging import Staged, StagingBook
from forkpoint.stores.changing.trash_folder import Item, Manifest, write_manifest
from forkpoint.stores.changing.trees import TreeState, copy_tree, same_tree, tree_state
from forkpoint.stores.workers import CancelFlag


class Moved:
    """Renames; at any moment each thing is at exactly one of its two places. Errors: OSError, a Failure."""

    def __init__(self, items: int, places: list[Place]) -> None:
        self._items = items
        self._places = places

    def take_away(self, stack: ExitStack) -> None:
        """Rename everything into the trash, the own place first; what was renamed goes back when one cannot be."""
        with ExitStack() as undo:
            for number, place in enumerate(self._places):
                rename_new(place.folder, place.name, self._items, str(number))
                undo.callback(rename_new, self._items, str(number), place.folder, place.name)
            undo.pop_all()
        self._sync(place.folder for place in self._places)

    def bring_back(self, stack: ExitStack, flag: CancelFlag) -> None:
        """Rename everything to where it was, the own place last; what was renamed goes back when one cannot be."""
        folders = [place.ready(stack) for place in self._places]
        flag.check()
        with ExitStack() as undo:
            for number in reversed(range(len(folders))):
                folder, name = folders[number], self._places[number].name
                rename_new(self._items, str(number), folder, name)
                undo.callback(rename_new, folder, name, self._items, str(number))
            undo.pop_all()
        self._sync(folders)

    def _sync(self, folders: Iterable[int]) -> None:
        for folder in dict.fromkeys((*folders, self._items)):
            os.fsync(folder)


class Carried:
    """Copies; the manifest says when they are whole. Errors: OSError, a Failure."""

    def __init__(self, folder: str, manifest: Manifest, items: int, places: list[Place], book: StagingBook) -> None:
        self._folder = folder
        self._manifest = manifest
        self._items = items
        self._places = places
        self._book = book
        self._states: list[TreeState] = []

    def copy_away(self, flag: CancelFlag) -> None:
        """Copy everything into the trash, compare it, and write down that it is there."""
        for number, place in enumerate(self._places):
            self._states.append(tree_state(place.folder, place.name))
            copy_tree(place.folder, place.name, self._items, str(number), flag, path=place.path)
            if not same_tree(place.folder, place.name, self._items, str(number)):
                raise SessionChangedOnDisk(path=place.path)
        os.fsync(self._items)

    def take_away(self, stack: ExitStack) -> None:
        """Take the originals away, if they are still what was copied."""
        self._check([(place.folder, place.name) for place in self._places])
        write_manifest(self._folder, attrs.evolve(self._manifest, state="copied"))
        gone = [stack.enter_context(Staged(self._book, place.folder, place.folder_path)) for place in self._places]
        with ExitStack() as undo:
            for place, staged in zip(self._places, gone, strict=True):
                rename_new(place.folder, place.name, place.folder, staged.name)
                undo.callback(rename_new, place.folder, staged.name, place.folder, place.name)
            # Who had a file open may have written into it until just now.
            self._check([(staged.folder, staged.name) for staged in gone])
            undo.pop_all()
        for place in self._places:
            os.fsync(place.folder)
        # It is gone by now, and its copies are whole: what cannot be written down is found out by the next start.
        with suppress(OSError):
            write_manifest(self._folder, attrs.evolve(self._manifest, state="kept"))

    def _check(self, where: list[tuple[int, str]]) -> None:
        for place, state, (folder, name) in zip(self._places, self._states, where, strict=True):
            if tree_state(folder, name) != state:
                raise SessionChangedOnDisk(path=place.path)

    def bring_back(self, stack: ExitStack, flag: CancelFlag) -> None:
        """Copy everything beside its places, compare it, and give it its names, the own place last."""
        back: list[tuple[Staged, int]] = []
        for number, place in enumerate(self._places):
            folder = place.ready(stack)
            staged = stack.enter_context(Staged(self._book, folder, os.path.dirname(place.path)))
            copy_tree(self._items, str(number), folder, staged.name, flag, path=place.path)
            if not same_tree(self._items, str(number), folder, staged.name):
                raise Unwritable(path=place.path, reason="the copy is not what was copied")
            os.fsync(folder)
            back.append((staged, folder))
        restored = tuple(_identity(place, staged) for place, (staged, _) in zip(self._places, back, strict=True))
        flag.check()
        write_manifest(self._folder, attrs.evolve(self._manifest, state="restoring", restored=restored))
        with ExitStack() as undo:
            undo.callback(write_manifest, self._folder, self._manifest)
            for place, (staged, folder) in reversed(list(zip(self._places, back, strict=True))):
                rename_new(folder, staged.name, folder, place.name)
                undo.callback(rename_new, folder, place.name, folder, staged.name)
            undo.pop_all()
        for staged, folder in back:
            staged.committed()
            os.fsync(folder)


def _identity(place: Place, staged: Staged) -> Item:
    found = os.stat(staged.name, dir_fd=staged.folder, follow_symlinks=False)
    return Item(place.path, found.st_dev, found.st_ino)
