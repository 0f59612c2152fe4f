"""The session a change is about, opened: what its writer is handed, and its lines as far as they are asked for."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import attrs

from forkpoint.agents.adapter import Arrangement
from forkpoint.agents.writing import Lines, Subject, Writer
from forkpoint.model.failures import Failure, NotSupported
from forkpoint.model.source import CONTEXT, FileSource, Part, Stamp
from forkpoint.stores.disk import HomeFolder
from forkpoint.stores.indexed_lines import IndexedLines
from forkpoint.stores.line_sources import LineSource, open_source
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.session_walk import Located
from forkpoint.stores.transcript import OpenParts, Transcript
from forkpoint.stores.workers import CancelFlag


def writer_of(located: Located, capability: str) -> Writer:
    """Give what plans changes of a session. Raises NotSupported for an agent that is only read."""
    return require_writer(located.adapter.writer, located.adapter.info.title, capability)


def require_writer(writer: Writer | None, agent: str, capability: str) -> Writer:
    """Refuse an agent that is only read. Raises NotSupported."""
    if writer is None:
        raise NotSupported(capability=capability, reason=f"sessions of {agent} are only read")
    return writer


@contextmanager
def opened_subject(store: SessionStore, located: Located, flag: CancelFlag) -> Generator["OpenSubject"]:
    """Lay a session out as it is now, and hold its shown parts open. Raises a Failure."""
    arrangement = store.rows.arrange(located, flag)
    transcript = store.transcripts.of(located, arrangement)
    with transcript.opened() as opened, ExitStack() as stack:
        yield OpenSubject(located, arrangement, transcript, opened, stack, flag)


class OpenSubject:
    """One session, open for a change."""

    def __init__(
        self,
        located: Located,
        arrangement: Arrangement,
        transcript: Transcript,
        opened: OpenParts,
        stack: ExitStack,
        flag: CancelFlag,
    ) -> None:
        self.located = located
        self.arrangement = arrangement
        """As it is now; a kept transcript may have been laid out when its titles were others."""
        self.lines: Mapping[str, Lines] = PartLines(located.home.path, transcript, opened, stack, flag)
        self._transcript = transcript
        self._opened = opened
        self._flag = flag

    @property
    def stamps(self) -> Mapping[str, Stamp]:
        """The stamps of the files of its shown parts, by path."""
        return {part.source.path: source.stamp for part, source in self._opened}

    def turn_texts(self) -> Iterator[str]:
        """Give what the user said in each turn of the current path, from the first on, as it is asked for."""
        index = self._transcript.index(self._opened, self._flag, thorough=False)
        reader, current = self._transcript.reader, index.current
        reads = [source.read for source in self._opened.sources]
        for _, line, raw in index.read((current.path[place] for place in current.turns), reads):
            self._flag.check()
            yield reader.turn_text(line, raw)[0]

    def plain(self) -> Subject:
        """Give it without a look at its lines."""
        located = self.located
        return Subject(
            session_id=located.session_id,
            home=located.home,
            candidate=located.candidate,
            arrangement=self.arrangement,
        )

    def with_leaf(self) -> Subject:
        """Give it with its leaf and its ids, where the format has them; its shown parts are indexed for that."""
        if self._transcript.reader.shape != "tree":
            return self.plain()
        index = self._transcript.index(self._opened, self._flag, thorough=False)
        path = index.current.path
        leaf = index.line(path[-1]).id if path else None
        return attrs.evolve(self.plain(), leaf=leaf, taken_ids=index.ids)


class PartLines(Mapping[str, Lines]):
    """The lines of every shown and every context part that can be opened; a part is scanned when it is asked for."""

    def __init__(
        self, home: str, transcript: Transcript, opened: OpenParts, stack: ExitStack, flag: CancelFlag
    ) -> None:
        self._home = home
        self._transcript = transcript
        self._opened = opened
        self._stack = stack
        self._flag = flag
        self._shown = {part.name: number for number, part in enumerate(opened.parts)}
        self._contexts = {
            part.name: part
            for part in transcript.arrangement.parts
            if part.role == CONTEXT and isinstance(part.source, FileSource)
        }
        self._sources: dict[str, LineSource | None] = {}
        self._made: dict[str, Lines] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._shown or (name in self._contexts and self._source(self._contexts[str(name)]) is not None)

    def __iter__(self) -> Iterator[str]:
        return (name for name in (*self._shown, *self._contexts) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Lines:
        if name not in self._made:
            self._made[name] = self._shown_lines(name) if name in self._shown else self._context_lines(name)
        return self._made[name]

    def _shown_lines(self, name: str) -> Lines:
        index = self._transcript.index(self._opened, self._flag, thorough=False)
        number = self._shown[name]
        return IndexedLines(index, number, self._opened.sources[number])

    def _context_lines(self, name: str) -> Lines:
        source = self._source(self._contexts[name])
        if source is None:
            raise KeyError(name)
        return IndexedLines(self._transcript.context_index(self._contexts[name], source, self._flag), 0, source)

    def _source(self, part: Part) -> LineSource | None:
        if part.name not in self._sources:
            self._sources[part.name] = self._open(part)
        return self._sources[part.name]

    def _open(self, part: Part) -> LineSource | None:
        try:
            with HomeFolder(self._home) as home:
                source = open_source(home, part)
        except Failure:
            return None  # the writer says what it cannot do without it
        self._stack.callback(source.close)
        return source
