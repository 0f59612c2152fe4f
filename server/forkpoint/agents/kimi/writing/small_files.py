"""Kimi's small JSON files as they are now, and as they are to be.

Source: kimi-cli 1.49 `utils/io.py`: indent 2, text beyond ASCII as it is, no line break at the end.
"""

import json
from typing import Any

import attrs

from forkpoint.agents.adapter import Disk
from forkpoint.agents.kimi.values import as_object
from forkpoint.agents.writing import Replace
from forkpoint.model.failures import NotSupported
from forkpoint.model.source import Stamp
from forkpoint.parsing import json_lines


@attrs.frozen(kw_only=True)
class SmallFile:
    """A file that is read whole and, if at all, replaced whole."""

    path: str
    raw: bytes | None
    """None when it is not there, or cannot be read."""
    stamp: Stamp | None
    there: bool
    """Whether its folder has something of this name."""

    @classmethod
    def of(cls, disk: Disk, path: str) -> "SmallFile":
        """Take it from what the disk has shown: the file's text and its folder's names must have been asked for."""
        folder, _, name = path.rpartition("/")
        raw = disk.text(path)
        there = raw is not None or any(entry.name == name for entry in disk.folder(folder) or ())
        return cls(path=path, raw=raw, stamp=disk.stamp(path), there=there)

    def members(self, change: str) -> dict[str, Any] | None:
        """Give its members in order, None when there is no such file.

        Raises NotSupported, for the `change` that needs it, when it is there and is not understood: what cannot be
        read must not be overwritten.
        """
        if self.raw is None:
            if self.there:
                raise NotSupported(capability=change, reason=f"{self.path} is there and cannot be read")
            return None
        value, reason = json_lines.decode(self.raw)
        members = as_object(value)
        if members is None:
            reason = reason or "not an object"
            raise NotSupported(capability=change, reason=f"{self.path} is not understood ({reason}) and stays as it is")
        return members

    def replaced(self, members: dict[str, Any]) -> Replace:
        """Give the step that writes it anew."""
        return Replace(path=self.path, content=stored(members), was=self.stamp)


def stored(value: Any) -> bytes:
    """Give a value as Kimi stores it; half of a surrogate pair, which is no UTF-8, makes all of it ASCII."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2).encode()
