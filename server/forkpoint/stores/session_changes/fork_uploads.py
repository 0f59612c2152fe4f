"""Uploads that lie in our own state and join a fork: those that the fork's lines speak of.

They get their place just before the fork appears, noted as a folder that belongs to it: killed in between, the next
start takes them away again, and a fork is never without them.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

from forkpoint.agents.adapter import Arrangement
from forkpoint.agents.writing import Copied, NewFile, NewFolder, Plan
from forkpoint.model.failures import Failure
from forkpoint.model.problem import Problem
from forkpoint.parsing.mentions import spoken_of
from forkpoint.stores.changing.durable import telling
from forkpoint.stores.changing.places import WritableHome
from forkpoint.stores.changing.sources import Sources
from forkpoint.stores.changing.staging import Forerunner
from forkpoint.stores.changing.steps import MakingFolder
from forkpoint.stores.disk import HomeFolder, stamp_of
from forkpoint.stores.session_changes.tools import ChangeTools
from forkpoint.stores.session_walk import Located, session_id_of
from forkpoint.stores.uploads.places import UploadPlace, own_place
from forkpoint.stores.workers import CancelFlag

CHUNK = 1 << 20
"""Bytes of a fork that are searched at once."""
OVERLAP = 8 << 10
"""Bytes that two such pieces share: more than the longest way to write a path."""


class Joining:
    """The uploads of one fork; what refuses them is a problem, and the fork is made without."""

    def __init__(
        self, tools: ChangeTools, located: Located, arrangement: Arrangement, stack: ExitStack, flag: CancelFlag
    ) -> None:
        self.problems: list[Problem] = []
        self._tools = tools
        self._located = located
        # An agent that keeps uploads itself has its writer copy them.
        self._place = None if arrangement.uploads is not None else own_place(located.session_id, tools.state.folder)
        self._stack = stack
        self._flag = flag
        self._made: tuple[MakingFolder, Forerunner] | None = None
        self._done = False

    def prepare(self, plan: Plan) -> None:
        """Put those that the lines of a planned fork speak of where it will look for them; once. Raises Cancelled."""
        if self._done or self._place is None:
            return
        self._done = True
        try:
            files = self._spoken_of(plan, self._place)
            if files:
                child = own_place(session_id_of(self._located.adapter, plan.native_id), self._tools.state.folder)
                self._make(NewFolder(path=child.path, files=files), plan.path)
        except Failure as failure:
            self.problems.append(Problem(kind="uploadsNotCopied", reason=failure.sentence(), path=self._place.path))

    def settle(self, *, made: bool) -> None:
        """Leave them where they are when the fork was made, else take them away. Raises a Failure."""
        if self._made is not None:
            folder, forerunner = self._made
            if not made:
                folder.take_back()
            forerunner.stays()

    def _spoken_of(self, plan: Plan, place: UploadPlace) -> list[NewFile]:
        descriptor = place.opened()
        if descriptor is None:
            return []
        try:
            with telling(place.path), os.scandir(descriptor) as found:
                there = {entry.name: entry.stat(follow_symlinks=False) for entry in found if _is_file(entry)}
        finally:
            os.close(descriptor)
        files: list[NewFile] = []
        for name in spoken_of(sorted(there), place.name, _pieces(plan, self._located.home.path, self._flag)):
            path, stamp = f"{place.path}/{name}", stamp_of(there[name])
            files.append(NewFile(path=name, content=[Copied(path, 0, stamp.size, stamp, within=place.path)]))
        return files

    def _make(self, change: NewFolder, stays_with: str) -> None:
        state = self._tools.state
        home = self._stack.enter_context(WritableHome(state.folder, make=False))
        sources = Sources([state.folder], self._stack)
        folder = MakingFolder(home, change, state.staging, sources, self._stack, self._flag)
        forerunner = folder.before(stays_with)
        try:
            folder.commit()
        except BaseException:
            forerunner.stays()
            raise
        self._made = folder, forerunner


@contextmanager
def joining(tools: ChangeTools, located: Located, arrangement: Arrangement, flag: CancelFlag) -> Generator[Joining]:
    """Give what prepares the uploads of a fork that is made in this block; left by an error, there are none."""
    with ExitStack() as stack:
        uploads = Joining(tools, located, arrangement, stack, flag)
        try:
            yield uploads
        except BaseException:
            uploads.settle(made=False)
            raise
        uploads.settle(made=True)


def _is_file(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False)


def _pieces(plan: Plan, home_path: str, flag: CancelFlag) -> Iterator[bytes]:
    """Give the bytes that a fork will have, in pieces that overlap."""
    step = plan.step
    files = step.files if isinstance(step, NewFolder) else [step] if isinstance(step, NewFile) else []
    with HomeFolder(home_path) as home:
        for piece in (piece for file in files for piece in file.content):
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from _read(home, piece, flag)


def _read(home: HomeFolder, piece: Copied, flag: CancelFlag) -> Iterator[bytes]:
    descriptor = home.open(piece.path)
    try:
        for offset in range(piece.start, piece.end, CHUNK):
            flag.check()
            with telling(piece.path):
                data = os.pread(descriptor, min(CHUNK + OVERLAP, piece.end - offset), offset)
            yield data
    finally:
        os.close(descriptor)
