"""What becomes of a folder of the trash whose process was killed: the session's own place decides."""

import os
from contextlib import ExitStack

import attrs

from forkpoint.stores.changing.durable import rename_new
from forkpoint.stores.changing.places import Place, WritableHome
from forkpoint.stores.changing.staging import Staged, StagingBook
from forkpoint.stores.changing.trash_folder import (
    ITEMS,
    UNFINISHED,
    Item,
    Manifest,
    drop_unfinished,
    read_manifest,
    write_manifest,
)
from forkpoint.stores.changing.trees import same_tree
from forkpoint.stores.guarded_open import FOLDER_FLAGS


def is_settled(path: str) -> bool:
    """Whether all that a folder speaks of lies in it, so that there is nothing to do; nobody has to wait for that."""
    manifest = read_manifest(path)
    if manifest is None or os.path.lexists(os.path.join(path, UNFINISHED)):
        return False
    if manifest.state == "kept":
        return True
    try:
        there = os.listdir(os.path.join(path, ITEMS))
    except OSError:
        return False
    return manifest.state == "moving" and {str(number) for number in range(len(manifest.items))} <= set(there)


def settle_folder(path: str, book: StagingBook) -> bool:
    """Finish or undo; tells whether the folder holds nothing any more that is not at home, and may be dropped.

    Nobody else may be at it. Raises OSError, a Failure.
    """
    drop_unfinished(path)
    manifest = read_manifest(path)
    if manifest is None:
        # Killed before the manifest was there, it holds nothing; anything else is not ours to judge.
        return not _has_any(os.path.join(path, ITEMS))
    if manifest.state == "kept":
        return False
    with ExitStack() as stack:
        if not os.path.isdir(manifest.home):
            return False
        home = stack.enter_context(WritableHome(manifest.home, make=False))
        items = os.open(os.path.join(path, ITEMS), FOLDER_FLAGS)
        stack.callback(os.close, items)
        places = [home.place(item.path) for item in manifest.items]
        match manifest.state:
            case "moving":
                return _settle_moved(manifest, items, places)
            case "restoring":
                return _settle_restored(path, manifest, places, book)
            case "copying":
                return True
            case _:
                return _settle_copied(path, manifest, items, places, book)


def _has_any(folder: str) -> bool:
    try:
        return bool(os.listdir(folder))
    except FileNotFoundError:
        return False


def _settle_moved(manifest: Manifest, items: int, places: list[Place]) -> bool:
    """Each thing is at one place; all go to where the session's own place is."""
    there = set(os.listdir(items))
    if not all(name.isdecimal() and int(name) < len(places) for name in there):
        return False  # somebody else put something there
    if "0" not in there:
        for number in sorted(there, key=int):
            place = places[int(number)]
            rename_new(items, number, place.folder, place.name)
            os.fsync(place.folder)
        return True
    for number, (item, place) in enumerate(zip(manifest.items, places, strict=True)):
        if str(number) not in there and _is(item, place):
            rename_new(place.folder, place.name, items, str(number))
            os.fsync(place.folder)
    os.fsync(items)
    return False


def _settle_copied(path: str, manifest: Manifest, items: int, places: list[Place], book: StagingBook) -> bool:
    """The copies are whole: dropped while the original is there, else the rest of the originals goes."""
    if _is(manifest.items[0], places[0]):
        return True
    for number, (item, place) in enumerate(zip(manifest.items, places, strict=True)):
        if _is(item, place) and same_tree(place.folder, place.name, items, str(number)):
            _take_out(place, book)
    write_manifest(path, attrs.evolve(manifest, state="kept"))
    return False


def _settle_restored(path: str, manifest: Manifest, places: list[Place], book: StagingBook) -> bool:
    """Back home if its own place is; else what came back before it is taken out again, and the trash has it whole."""
    if _is(manifest.restored[0], places[0]):
        return True
    for item, place in zip(manifest.restored, places, strict=True):
        if _is(item, place):
            _take_out(place, book)
    write_manifest(path, attrs.evolve(manifest, state="kept", restored=()))
    return False


def _is(item: Item, place: Place) -> bool:
    """Whether what is at a place is that very file or folder."""
    if place.missing:
        return False
    try:
        found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == (item.device, item.inode)


def _take_out(place: Place, book: StagingBook) -> None:
    """Remove what the trash has a copy of, in one step."""
    with Staged(book, place.folder, place.folder_path) as staged:
        rename_new(place.folder, place.name, place.folder, staged.name)
        os.fsync(place.folder)
