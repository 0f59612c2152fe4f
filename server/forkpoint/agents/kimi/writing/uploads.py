"""The uploaded files that kept lines speak of, and the list of those that were sent already.

Source: kimi-cli 1.49 `session_fork.py`, `web/runner/process.py`: files in `uploads/` that `.sent` does not list are put
before the user's next message. Kimi's own fork follows a name out of the folder; here a name is only ever one that the
folder has.
"""

import json
from collections.abc import Iterable, Sequence

from forkpoint.agents.adapter import DirEntry
from forkpoint.agents.kimi.layout import UPLOADS
from forkpoint.parsing import mentions

SENT = f"{UPLOADS}/.sent"


def candidates(names: Sequence[DirEntry] | None) -> list[str]:
    """Give the names of regular files directly in the folder."""
    return [name for name, kind in names or () if kind == "file" and name != ".sent" and _is_plain(name)]


def spoken_of(names: Sequence[str], lines: Iterable[bytes]) -> list[str]:
    """Give those of the names that lines speak of, in the order of `names`; reading ends when all are found."""
    return mentions.spoken_of(names, UPLOADS, lines)


def sent_marker(names: Sequence[str]) -> bytes:
    """Give the contents of `.sent`, as Kimi writes them."""
    return json.dumps(list(names)).encode()


def _is_plain(name: str) -> bool:
    return name not in ("", ".", "..") and "/" not in name and "\\" not in name and "\0" not in name
