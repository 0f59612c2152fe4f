"""The entries of one session as they are written, following on what a client has, without gap and without double."""

from collections.abc import Sequence

import attrs

from forkpoint.model.entry import Entry
from forkpoint.model.failures import EntryNotFound
from forkpoint.stores.history_reader import HistoryReader
from forkpoint.stores.workers import CancelFlag

PORTION = 500
"""About how many entries are read at once; whole blocks."""
PORTION_SIZE = 1 << 20
"""About how many bytes of lines are read at once (1 MiB)."""


@attrs.frozen
class Tail:
    """What is new."""

    entries: Sequence[Entry] = ()
    updated: Sequence[Entry] = ()
    more: bool = False
    """Whether there is more than this portion."""
    reset: bool = False
    """Whether what the client has is not on the current path any more."""

    def __bool__(self) -> bool:
        return bool(self.entries or self.updated or self.reset)


class LiveTail:
    """Remembers the last entry that a client has, and the entries of its block, which may still change."""

    def __init__(self, session_id: str, after: str | None) -> None:
        """`after` is the last entry that the client has: None for whatever is the last one at the first read, empty
        when it has none."""
        self.session_id = session_id
        self.last = after or None
        self._block: dict[str, Entry] = {}
        self._begun = after == ""

    def read(self, reader: HistoryReader, flag: CancelFlag) -> Tail:
        """Give what is new. Raises EntryNotFound when `after` is not on the current path at the first read."""
        if not self._begun and self.last is None:
            self._to_end(reader, flag)
            return Tail()
        position = 0 if self.last is None else reader.position_of(self.last)
        if position is None:
            if not self._begun:
                raise EntryNotFound(session_id=self.session_id, entry_id=self.last or "")
            self._to_end(reader, flag)
            return Tail(reset=True)
        return self._from(reader, position, flag)

    def _to_end(self, reader: HistoryReader, flag: CancelFlag) -> None:
        self._begun = True
        last = reader.page_before(None, 1, flag).entries
        self.last, self._block = None, {}
        if last:
            self.last = last[-1].entry_id
            position = reader.position_of(self.last)
            for block in reader.blocks_from(position or 0):
                self._block = {entry.entry_id: entry for entry in block.entries}

    def _from(self, reader: HistoryReader, position: int, flag: CancelFlag) -> Tail:
        """Read from the block of the last entry on: what stands behind that entry is new."""
        new: list[Entry] = []
        updated: list[Entry] = []
        last, known, block = self.last, self._block, self._block
        size = 0
        for lines, bytes_read, entries in reader.blocks_from(position):
            flag.check()
            if len(new) >= PORTION or size >= PORTION_SIZE:
                self._take(new, block)
                return Tail(new, updated, more=True)
            behind = last is None
            if not behind and all(entry.entry_id != last for entry in entries):
                # The last entry is hidden by now: in its own block the client has what it was told of.
                fresh = [entry for entry in entries if entry.entry_id not in known]
                held = [entry for entry in entries if entry.entry_id in known]
            else:
                cut = 0 if behind else 1 + max(at for at, entry in enumerate(entries) if entry.entry_id == last)
                held, fresh = entries[:cut], entries[cut:]
            # A block of one line was one when it was sent, too; of a longer one it is not known at first.
            updated += [entry for entry in held if (known.get(entry.entry_id) != entry if known else lines > 1)]
            new += fresh
            size += bytes_read if new else 0
            block = {entry.entry_id: entry for entry in entries}
            last, known = None, {}
        self._take(new, block)
        return Tail(new, updated)

    def _take(self, new: Sequence[Entry], block: dict[str, Entry]) -> None:
        self._begun = True
        self._block = block
        if new:
            self.last = new[-1].entry_id
