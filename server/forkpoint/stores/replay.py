"""All of a transcript, portion by portion, with its files held open from the first to the last."""

import threading
from collections.abc import Callable, Generator

from forkpoint.model.entry import Entry
from forkpoint.stores.history_reader import history_of
from forkpoint.stores.transcript import Transcript
from forkpoint.stores.workers import CancelFlag


class Replay:
    """One replay. Each portion is read by a worker; the files are closed when nobody reads from them any more.

    A cancelled request leaves its worker behind in the middle of a portion: closing the files under it could let
    it read from a descriptor that something else has opened since, so the worker closes them itself.
    """

    def __init__(self, transcript: Callable[[CancelFlag], Transcript], *, raw: bool) -> None:
        self._transcript = transcript
        self._raw = raw
        self._lock = threading.Lock()
        self._closed = False
        self._flag = CancelFlag()
        self._portions: Generator[list[Entry]] | None = None

    def next(self, flag: CancelFlag) -> list[Entry] | None:
        """Read the next portion; None after the last."""
        with self._lock:
            if self._portions is None:
                self._portions = self._read(flag)
            portion = next(self._portions, None)
        if self._closed:
            self.close()
        return portion

    def close(self) -> None:
        """End the replay, at once or as soon as the worker is out of it."""
        self._closed = True
        self._flag.set()
        if self._lock.acquire(blocking=False):
            try:
                if self._portions is not None:
                    self._portions.close()
            finally:
                self._lock.release()

    def _read(self, first: CancelFlag) -> Generator[list[Entry]]:
        transcript = self._transcript(first)
        with transcript.opened() as opened:
            reader = history_of(transcript, opened, first, raw=self._raw)
            yield from reader.portions(self._flag)
