"""Swapping two names in one step, as fast as the kernel does it: the attacker's side of a link-swap race.

Run as a program it swaps two paths until its stdin ends: `exchange.py <first> <second>`.
"""

import ctypes
import errno
import os
import sys
import threading
from types import TracebackType
from typing import Self

AT_FDCWD = -100
RENAME_EXCHANGE = 2
BURST = 200
"""Swaps between two looks at whether to go on."""


class Exchange:
    """Swaps two paths by `renameat2(RENAME_EXCHANGE)`, or by three renames where that is missing."""

    def __init__(self, first: str, second: str) -> None:
        self._first = os.fsencode(first)
        self._second = os.fsencode(second)
        self._call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)

    def swap(self) -> None:
        """Swap once."""
        if self._call is not None:
            if self._call(AT_FDCWD, self._first, AT_FDCWD, self._second, RENAME_EXCHANGE) == 0:
                return
            if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL):
                raise OSError(ctypes.get_errno(), "renameat2")
            self._call = None
        spare = self._second + b".spare"
        os.rename(self._first, spare)
        os.rename(self._second, self._first)
        os.rename(spare, self._second)


class Swapping:
    """Swaps two paths in a thread of this process for as long as the block lasts."""

    def __init__(self, first: str, second: str) -> None:
        self._exchange = Exchange(first, second)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.swaps = 0
        """How often the two were swapped."""

    def _run(self) -> None:
        while not self._stop.is_set():
            self._exchange.swap()
            self.swaps += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()


def main() -> None:
    """Swap until stdin ends, then say how often."""
    exchange = Exchange(sys.argv[1], sys.argv[2])
    stopped = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        stopped.set()

    threading.Thread(target=wait, daemon=True).start()
    swaps = 0
    while not stopped.is_set():
        for _ in range(BURST):
            exchange.swap()
        swaps += BURST
    sys.stdout.write(f"{swaps}\n")


if __name__ == "__main__":
    main()
