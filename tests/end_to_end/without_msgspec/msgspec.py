"""Stands before the real package on PYTHONPATH, so that a server process runs with plain json."""

raise ImportError("msgspec is hidden from this process")
