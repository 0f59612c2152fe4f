"""What the ways to watch a file system have in common."""

import os
import threading
from collections.abc import Sequence
from typing import Protocol

import attrs


@attrs.frozen
class Sighting:
    """What was seen to have changed."""

    paths: frozenset[str] = frozenset()
    everything: bool = False
    """Whether more changed than could be told apart."""


class CannotWatch(Exception):
    """This way of watching does not work here, or no longer; the other one does."""


class Wake:
    """Wakes the watching thread: there is something to do, or it is to stop."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.stopped = False

    def set(self) -> None:
        """Wake it."""
        self._event.set()

    def stop(self) -> None:
        """Wake it for the last time."""
        self.stopped = True
        self._event.set()

    def is_set(self) -> bool:
        """Whether it was woken since the last `clear`."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is woken, at most so long; tell whether it was."""
        return self._event.wait(seconds)

    def clear(self) -> None:
        """Take note of it; a stop stays."""
        if not self.stopped:
            self._event.clear()


class Eyes(Protocol):
    """One way to watch; used by one thread."""

    def wait(self, seconds: float, wake: Wake) -> Sighting:
        """Give what changed since the last call, after at most so long, or sooner when woken. Raises CannotWatch."""
        ...

    def close(self) -> None:
        """Stop, and let go of everything."""
        ...


def outermost(folders: Sequence[str]) -> list[str]:
    """Give the folders that lie in no other of them."""
    found: list[str] = []
    for folder in sorted(set(folders)):
        if not any(folder.startswith(kept.rstrip(os.sep) + os.sep) for kept in found):
            found.append(folder)
    return found
