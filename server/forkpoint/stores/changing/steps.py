"""The kinds of steps a plan is made of: each is prepared beside its target, which may take long, and then committed."""

import os
import stat
from contextlib import ExitStack
from typing import Protocol

from forkpoint.agents.writing import Append, Content, NewFile, NewFolder, Replace
from forkpoint.model.failures import NoSpace, PathRefused, SessionChangedOnDisk
from forkpoint.model.source import Stamp
from forkpoint.parsing.path_rules import LEAVES_ROOT
from forkpoint.stores.changing.copying import same
from forkpoint.stores.changing.durable import NEW_FILE, is_there, link_new, rename_new, swap, telling, told, write_all
from forkpoint.stores.changing.places import Place, WritableHome, open_for_change, require_no_link
from forkpoint.stores.changing.sources import Sources
from forkpoint.stores.changing.staged_file import staged_file
from forkpoint.stores.changing.staging import Forerunner, Staged, StagingBook, identity
from forkpoint.stores.disk import stamp_of
from forkpoint.stores.guarded_open import FOLDER_FLAGS
from forkpoint.stores.workers import CancelFlag


class Prepared(Protocol):
    """A step that only has to be made real."""

    place: Place

    def commit(self) -> Stamp | None:
        """Look once more whether everything is as it was, make it real and durable; gives the file's new stamp.

        Raises a Failure, and then nothing has changed.
        """
        ...


class MakingFile(Prepared):
    """A file that appears whole."""

    def __init__(
        self, home: WritableHome, step: NewFile, book: StagingBook, sources: Sources, stack: ExitStack, flag: CancelFlag
    ) -> None:
        self.place = home.place(step.path)
        self._stack = stack
        self._sources = sources
        if not self.place.missing and is_there(self.place.folder, self.place.name):
            _refuse_taken(self.place)
        with telling(self.place.path):
            self._staged = staged_file(book, self.place.folder, self.place.folder_path, step.mode, stack)
            self._stamp = _fill(self._staged.descriptor, step.content, sources, flag)

    def commit(self) -> Stamp:
        self._sources.check()
        folder = self.place.ready(self._stack)
        with telling(self.place.path):
            self._staged.give_name(folder, self.place.name)
            os.fsync(folder)
        return self._stamp


class MakingFolder(Prepared):
    """A folder that appears with all its files."""

    def __init__(
        self,
        home: WritableHome,
        step: NewFolder,
        book: StagingBook,
        sources: Sources,
        stack: ExitStack,
        flag: CancelFlag,
    ) -> None:
        self.place = home.place(step.path)
        self._stack = stack
        self._sources = sources
        if not self.place.missing and is_there(self.place.folder, self.place.name):
            _refuse_taken(self.place)
        self._staged = stack.enter_context(Staged(book, self.place.folder, self.place.folder_path))
        with telling(self.place.path):
            os.mkdir(self._staged.name, step.mode, dir_fd=self._staged.folder)
            top = os.open(self._staged.name, FOLDER_FLAGS, dir_fd=self._staged.folder)
            stack.callback(os.close, top)
            self._top = top
            folders = {"": top}
            for file in step.files:
                above, name = self._inside(file.path, folders)
                _write_new(above, name, file.content, file.mode, sources, flag)
            for folder in reversed(folders.values()):
                os.fsync(folder)

    def _inside(self, relative: str, folders: dict[str, int]) -> tuple[int, str]:
        """Give the folder, made when it is missing, and the name of a file of the new folder."""
        *above, name = relative.split("/")
        if any(part in ("", ".", "..") for part in (*above, name)):
            raise PathRefused(path=relative, reason=LEAVES_ROOT)
        path, folder = "", folders[""]
        for part in above:
            path += part + "/"
            if path not in folders:
                os.mkdir(part, 0o700, dir_fd=folder)
                folders[path] = os.open(part, FOLDER_FLAGS, dir_fd=folder)
                self._stack.callback(os.close, folders[path])
            folder = folders[path]
        return folder, name

    def commit(self) -> None:
        self._sources.check()
        folder = self.place.ready(self._stack)
        with telling(self.place.path):
            rename_new(self._staged.folder, self._staged.name, folder, self.place.name)
            self._staged.committed()
            os.fsync(folder)
            if folder != self._staged.folder:
                os.fsync(self._staged.folder)

    def before(self, stays_with: str) -> Forerunner:
        """Note that it is about to get its name before what it belongs to; to be called before `commit`."""
        made = identity(os.fstat(self._top))
        return Forerunner(self._staged.book, self.place.path, made, stays_with)

    def take_back(self) -> None:
        """Let what was made real vanish again. Raises a Failure."""
        with telling(self.place.path):
            rename_new(self.place.ready(self._stack), self.place.name, self._staged.folder, self._staged.name)
            self._staged.taken_back()


class Replacing(Prepared):
    """A small file that gets new contents, if it is as it was."""

    def __init__(self, home: WritableHome, step: Replace, book: StagingBook, stack: ExitStack) -> None:
        self.place = home.place(step.path, follow=True)
        self._stack = stack
        self._was = step.was
        mode = self._check(self.place.folder) if not self.place.missing else self._check_missing()
        self._staged = stack.enter_context(Staged(book, self.place.folder, self.place.folder_path))
        with telling(self.place.path):
            descriptor = os.open(self._staged.name, NEW_FILE, 0o600, dir_fd=self.place.folder)
            try:
                write_all(descriptor, step.content)
                if mode != 0o600:
                    os.fchmod(descriptor, mode)
                os.fsync(descriptor)
                self._stamp = stamp_of(os.fstat(descriptor))
            finally:
                os.close(descriptor)

    def commit(self) -> Stamp:
        folder = self.place.ready(self._stack)
        self._check(folder)
        with telling(self.place.path):
            if self._was is None:
                self._take_free_name(folder)
            else:
                self._take_its_place(folder, self._was)
            self._staged.committed()
            os.fsync(folder)
        return self._stamp

    def _take_free_name(self, folder: int) -> None:
        try:
            link_new(self._staged.folder, self._staged.name, folder, self.place.name)
        except FileExistsError as problem:
            raise SessionChangedOnDisk(path=self.place.path) from problem  # somebody made it since it was looked at

    def _take_its_place(self, folder: int, was: Stamp) -> None:
        """Change places with the old file, and back when it is not what was read.

        After a check of the name alone, somebody could write just before the rename, and nobody would ever know.
        """
        staged, name = self._staged, self.place.name
        if not swap(staged.folder, staged.name, folder, name):
            os.rename(staged.name, name, src_dir_fd=staged.folder, dst_dir_fd=folder)
            return
        if not same(was, self._taken_out()):
            self._put_back(folder)
            raise SessionChangedOnDisk(path=self.place.path)
        os.unlink(staged.name, dir_fd=staged.folder)

    def _put_back(self, folder: int) -> None:
        """Let what was taken out have its name again, until what comes out for it is what was put there last.

        Anything else is somebody's newer file, which goes before the one that it has replaced.
        """
        put = self._stamp
        while True:
            going = self._taken_out()
            swap(self._staged.folder, self._staged.name, folder, self.place.name)
            if same(put, self._taken_out()):
                return
            put = going

    def _taken_out(self) -> Stamp:
        return stamp_of(os.stat(self._staged.name, dir_fd=self._staged.folder, follow_symlinks=False))

    def _check(self, folder: int) -> int:
        """Give the mode the new file is to have. Raises SessionChangedOnDisk, PathRefused."""
        require_no_link(folder, self.place.name, self.place.path)
        try:
            found = os.stat(self.place.name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return self._check_missing()
        if self._was is None or not stat.S_ISREG(found.st_mode) or not same(self._was, stamp_of(found)):
            raise SessionChangedOnDisk(path=self.place.path)
        return stat.S_IMODE(found.st_mode)

    def _check_missing(self) -> int:
        if self._was is not None:
            raise SessionChangedOnDisk(path=self.place.path)
        return 0o600


class Appending(Prepared):
    """Whole lines added to a file in one write."""

    def __init__(self, home: WritableHome, step: Append, stack: ExitStack) -> None:
        self.place = home.place(step.path, follow=True)
        self._step = step
        if self.place.missing:
            raise SessionChangedOnDisk(path=self.place.path)
        self._file = open_for_change(self.place, self.place.folder, os.O_RDWR | os.O_APPEND)
        stack.callback(os.close, self._file)

    def commit(self) -> Stamp:
        with telling(self.place.path):
            was = stamp_of(os.fstat(self._file))
            # The name must still stand for the file that is open, or the lines would go where nobody reads.
            if not self._has_name() or not same(self._step.was, was):
                raise SessionChangedOnDisk(path=self.place.path)
            ended = was.size == 0 or os.pread(self._file, 1, was.size - 1) == b"\n"
            lines = self._step.lines if ended else b"\n" + self._step.lines
            self._write(lines, was.size)
            begun = os.lseek(self._file, 0, os.SEEK_CUR) - len(lines)
            os.fsync(self._file)
            # Somebody may have written the file anew just before, who has not seen the lines.
            if begun < was.size or not (self._has_name() or self._was_taken_over(lines, begun)):
                raise SessionChangedOnDisk(path=self.place.path)
            return stamp_of(os.fstat(self._file))

    def _has_name(self) -> bool:
        found = os.stat(self.place.name, dir_fd=self.place.folder, follow_symlinks=False)
        return os.path.samestat(found, os.fstat(self._file))

    def _was_taken_over(self, lines: bytes, at: int) -> bool:
        """Whether another file that has the name now has the lines where they were written."""
        other = open_for_change(self.place, self.place.folder, os.O_RDONLY)
        try:
            return os.pread(other, len(lines), at) == lines
        finally:
            os.close(other)

    def _write(self, lines: bytes, size: int) -> None:
        """Write all in one call, or leave the file as it was.

        What was cut short is only taken back while nobody has written behind it; else it stays as a line without an
        end, which the next writer ends and readers tell as a problem.
        """
        try:
            written = os.write(self._file, lines)
        except OSError as problem:
            raise told(problem, self.place.path) from problem
        if written == len(lines):
            return
        if os.fstat(self._file).st_size == size + written:
            os.ftruncate(self._file, size)
        raise NoSpace(path=self.place.path)


def _write_new(folder: int, name: str, content: Content, mode: int, sources: Sources, flag: CancelFlag) -> Stamp:
    """Make a file with these contents, durable but for its name. Raises OSError, a Failure, Cancelled."""
    descriptor = os.open(name, NEW_FILE, mode, dir_fd=folder)
    try:
        return _fill(descriptor, content, sources, flag)
    finally:
        os.close(descriptor)


def _fill(descriptor: int, content: Content, sources: Sources, flag: CancelFlag) -> Stamp:
    """Write the contents of a new file and make them durable. Raises OSError, a Failure, Cancelled."""
    sources.write(content, descriptor, flag)
    flag.check()
    os.fsync(descriptor)
    return stamp_of(os.fstat(descriptor))


def _refuse_taken(place: Place) -> None:
    raise told(FileExistsError(17, "exists"), place.path)
