"""An agent's SQLite database, only read: no lock file, log or page of it is ever made or changed."""

import os
import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

from forkpoint.model.failures import Unreadable
from forkpoint.model.source import QuerySource

LAST_KEY = (1 << 63) - 1


class Database:
    """One open database. Raises Unreadable where SQLite cannot make sense of it."""

    def __init__(self, path: str) -> None:
        self._path = path
        # Without a log beside it nobody writes at the moment, and SQLite need not make the files it locks with.
        live = any(os.path.exists(path + suffix) for suffix in ("-wal", "-journal"))
        mode = "mode=ro" if live else "mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(os.path.realpath(path))}?{mode}", uri=True, check_same_thread=False
            )
        except sqlite3.Error as problem:
            raise Unreadable(path=path, reason=str(problem)) from problem
        self._connection.text_factory = bytes  # text need not be UTF-8 either

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    def rows(self, query: QuerySource, start: int, end: int | None) -> Iterator[tuple[int, bytes]]:
        """Give key and body of the rows in a half-open range of keys, in the query's order."""
        limits = {"start": start, "end": LAST_KEY if end is None else end, **dict(query.parameters)}
        try:
            for key, body in self._connection.execute(query.statement, limits):
                # A column holds values of any type, whatever it was declared as; only text and blobs are lines.
                if isinstance(key, int) and isinstance(body, bytes):
                    yield key, body
        except sqlite3.Error as problem:
            raise Unreadable(path=self._path, reason=str(problem)) from problem
