"""A title out of what a person asked, by rule alone: no model is asked, and the same words give the same title.

Source: kimi-cli 1.49 `web/api/sessions.py` (the title it falls back to: the first turn on one line, at most 50
characters, nothing for slash commands); the tags are those that agents put around what no person typed: kimi-cli 1.49,
pi coding-agent 0.87.1 (`<file name=…>` for `@file`, `<skill …>`), Claude Code and Codex (2026).
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

LIMIT = 50
"""The longest title that is made, in characters, as Kimi makes them."""
LOOKED_AT = 1 << 18
"""How much of a turn is looked at, in characters; an attached file may be much longer."""

_WRAPPERS = (
    "system",
    "system-reminder",
    "notification",
    "task-notification",
    "environment_context",
    "environment_details",
    "user_instructions",
    "instructions",
    "context",
    "uploaded_files",
    "attachment",
    "attachments",
    "attached_files",
    "file",
    "files",
    "document",
    "documents",
    "image",
    "video",
    "audio",
    "skill",
    "command-name",
    "command-message",
    "command-args",
    "local-command-stdout",
    "local-command-stderr",
    "local-command-caveat",
    "bash-input",
    "bash-stdout",
    "bash-stderr",
    "ide_opened_file",
    "ide_selection",
)
_OPENING = re.compile(rf"^[ \t]*<({'|'.join(map(re.escape, _WRAPPERS))})(?:\s[^<>\n]*)?/?>", re.MULTILINE)
"""A tag that begins a line; elsewhere it is what a person writes about."""
_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})", re.MULTILINE)
_COMMAND = re.compile(r"/[A-Za-z][\w:.-]*(?:\s|$)")
_MARKS = re.compile(r"(?:#{1,6}[ \t]+|>[ \t]*|[-*+][ \t]+|\d{1,3}[.)][ \t]+)+")
"""What stands before a heading, a quotation or an item of a list."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_JOINER = "\u200d"
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of what follows, and a byte order mark."""


def title_from(turns: Iterable[str]) -> str | None:
    """Give a title of at most 50 characters on one line; None when no turn has words for one.

    `turns` are the texts of the turns from the first on; no more are asked for than are needed. Slash commands, and
    turns in which no person said anything, are passed over.
    """
    return next((title for title in map(_title_of, turns) if title is not None), None)


def _title_of(turn: str) -> str | None:
    words = _without_fences(_without_wrappers(_plain(turn[:LOOKED_AT]))).strip()
    if _COMMAND.match(words):
        return None
    for paragraph in _PARAGRAPH.split(words):
        text = _first_words(paragraph)
        if any(mark.isalnum() for mark in text):
            return shortened(text)
    return None


def _first_words(paragraph: str) -> str:
    """Give a heading, the first item of a list, or the lines of a paragraph, as one line."""
    first, *rest = (line.strip() for line in paragraph.strip().split("\n"))
    following = [] if first.startswith("#") else list(takewhile(lambda line: not _MARKS.match(line), rest))
    marks = _MARKS.match(first)
    return " ".join(" ".join([first[marks.end() if marks else 0 :], *following]).split())


def _plain(text: str) -> str:
    """Leave out what cannot be seen or stored: control characters, halves of surrogate pairs, turns of direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in text if mark in "\n\t" or not (mark in _DIRECTIONS or _is_unseen(mark)))


def _is_unseen(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cs")


def _without_wrappers(text: str) -> str:
    """Leave out what agents put between tags, and the tags; one that nothing closes takes all that follows."""
    kept: list[str] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        kept.append(text[at : opening.start()])
        close = f"</{opening[1]}>"
        if opening[0].endswith("/>"):
            at = opening.end()
        else:
            end = text.find(close, opening.end())
            at = len(text) if end < 0 else end + len(close)
        kept.append("\n")
    return "".join([*kept, text[at:]])


def _without_fences(text: str) -> str:
    """Leave out blocks of code; one that nothing closes takes all that follows."""
    kept: list[str] = []
    at = 0
    while (opening := _FENCE.search(text, at)) is not None:
        kept += [text[at : opening.start()], "\n"]
        mark = re.escape(opening[1])
        closing = re.compile(rf"^[ \t]{{0,3}}{mark}{opening[1][0]}*[ \t]*$", re.MULTILINE)
        found = closing.search(text, opening.end())
        at = len(text) if found is None else found.end()
    return "".join([*kept, text[at:]])


def shortened(text: str, limit: int = LIMIT) -> str:
    """Give a text on one line of at most `limit` characters.

    It is cut at a blank in its second half, else where no sign is torn apart, as in scripts without blanks; a cut ends
    in an ellipsis, which counts.
    """
    if len(text) <= limit:
        return text
    blank = text.rfind(" ", limit // 2, limit)
    end = blank if blank > 0 else _between_signs(text, limit - 1)
    return text[:end].rstrip(" ,;:-") + "…"


def _between_signs(text: str, end: int) -> int:
    """Give the last place up to `end` that does not lie within a sign of several characters."""
    at = end
    while at > 0 and (_goes_on(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    return at or end


def _goes_on(mark: str) -> bool:
    """Whether a character belongs to the one before: an accent, a variant, a colour of skin, a joiner."""
    return mark == _JOINER or unicodedata.category(mark) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= mark <= "\U0001f3ff"
