"""What is taken as a title, a label, a group or a model, the same for every call that sets one; pure."""

import os
from collections.abc import Mapping

from forkpoint.model.notes import LABEL_LIMIT
from forkpoint.model.session import TITLE_LIMIT
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.sessions import is_path

LIMITS: Mapping[str, int] = {
    "title": TITLE_LIMIT,
    "label": LABEL_LIMIT,
    "group": LABEL_LIMIT,
    "model": LABEL_LIMIT,
    "thinkingLevel": LABEL_LIMIT,
}
"""The longest text of each field, in characters."""


class Faults:
    """Collects what is wrong with params, so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, name: str, fault: str | None) -> None:
        """Note what is wrong with one param; None: nothing."""
        if fault is not None:
            self._found.append((f"/{name}", fault))

    def text(self, name: str, value: str | None) -> None:
        """Look at the text of a field; None clears or leaves it, and is right."""
        limit = LIMITS[name]
        if value is not None and not (value.strip() and len(value) <= limit):
            self.add(name, f"must have 1 to {limit} characters, not blanks alone")

    def raise_any(self) -> None:
        """Refuse the params if anything was wrong. Raises InvalidParams."""
        if self._found:
            raise InvalidParams(self._found)


def folder_fault(path: str) -> str | None:
    """Tell what is wrong with a path of a folder, whether or not it exists."""
    return None if os.path.isabs(path) and is_path(path) else "must be an absolute path"
