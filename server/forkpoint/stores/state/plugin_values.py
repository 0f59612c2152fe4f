"""Values that plugins keep with a session."""

import json
import sqlite3
from typing import Any

from forkpoint.model.failures import NotSupported
from forkpoint.model.notes import Notes, plugin_value_fault, plugin_value_text
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.notes import read_notes, write_notes
from forkpoint.stores.state.values import storable

Values = dict[str, dict[str, Any]]
"""JSON values by namespace, which is the plugin's, and by key."""


class PluginValues:
    """The plugins' values of all sessions."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def read(self, session_id: str) -> Values:
        """Give all values of a session."""
        return self._database.read(lambda connection: read_values(connection, session_id), {})

    def set(self, session_id: str, namespace: str, key: str, value: Any) -> None:
        """Keep a value in the place of the one before; the session's revision rises.

        Raises NotSupported for what `plugin_value_fault` finds wrong, and what `StateDatabase.write` raises.
        """
        fault = plugin_value_fault(value)
        if fault is not None:
            raise NotSupported(capability="pluginValue", reason=fault)
        self._database.write(lambda connection: write_values(connection, session_id, {namespace: {key: value}}))

    def unset(self, session_id: str, namespace: str, key: str) -> bool:
        """Remove a value; gives whether there was one."""

        def work(connection: sqlite3.Connection) -> bool:
            removed = connection.execute(
                "DELETE FROM plugin_values WHERE session_id = ? AND namespace = ? AND name = ?",
                (storable(session_id), storable(namespace), storable(key)),
            ).rowcount
            if removed:
                _touch(connection, session_id)
            return bool(removed)

        return self._database.write(work)


def read_values(connection: sqlite3.Connection, session_id: str) -> Values:
    """Give all values of a session."""
    found: Values = {}
    rows = connection.execute(
        "SELECT namespace, name, value FROM plugin_values WHERE session_id = ?", (storable(session_id),)
    )
    for namespace, name, value in rows:
        found.setdefault(namespace, {})[name] = json.loads(value)
    return found


def write_values(connection: sqlite3.Connection, session_id: str, values: Values) -> None:
    """Keep values that were found right."""
    for namespace, named in values.items():
        for name, value in named.items():
            connection.execute(
                "INSERT OR REPLACE INTO plugin_values (session_id, namespace, name, value) VALUES (?, ?, ?, ?)",
                (storable(session_id), storable(namespace), storable(name), plugin_value_text(value)),
            )
    if values:
        _touch(connection, session_id)


def _touch(connection: sqlite3.Connection, session_id: str) -> None:
    """Give the session's notes a new revision."""
    notes = read_notes(connection, [session_id]).get(storable(session_id), Notes())
    write_notes(connection, session_id, notes)
