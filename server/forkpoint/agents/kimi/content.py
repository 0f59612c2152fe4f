"""Content parts as blocks, and what a user typed without the markup an upload puts around it.

Source: kimi-cli 1.49, `kosong/message.py` (parts) and `web/runner/process.py` (uploads): the web server puts a list of
the files, and each file in a pair of tags, in front of the user's words, as parts of their own.
"""

import re
from collections import deque
from typing import Any, NamedTuple

import attrs

from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.model.entry import Block

_NO_WORDS = "KIMI_FILE_UPLOAD_WITHOUT_MESSAGE"
"""What the web client sends in place of words when there are only files."""

_LISTED = re.compile(r"\s*<uploaded_files>\n?(.*?)</uploaded_files>\s*", re.DOTALL)
_LISTED_FILE = re.compile(r"^[0-9]+\. (.+)$", re.MULTILINE)
_TAG = re.compile(r'\s*<(image|video|audio|document) path="([^"]*)"(?: content_type="([^"]*)")?>')
_MOST_UPLOADS = 1000
"""How many uploads of one message are taken out; more than that is no upload, and would cost too long."""
_LOOK_AHEAD = 8
"""How many parts may lie between a pair of tags; the agent writes one."""
_DATA_URL = re.compile(r"data:([^;,]*)(?:;[^;,]*)*;base64,")
_TEXTS = {"text": "text", "think": "thinking"}
_MEDIA = {"image_url": "image", "audio_url": "file", "video_url": "file"}


# --- parts ------------------------------------------------------------------------------------------------------


def part_block(part: Any) -> Block:
    """Give a content part as a block; one that nobody knows stays as it is stored."""
    if isinstance(part, str):
        return Block(type="text", text=part)
    fields = as_object(part) or {}
    kind = as_text(fields.get("type")) or ""
    if kind in _TEXTS and isinstance(fields.get(kind), str):
        return Block(type=_TEXTS[kind], text=fields[kind])
    if kind in _MEDIA:
        url = as_text((as_object(fields.get(kind)) or {}).get("url"))
        return Block(type="raw", raw=part) if url is None else _media_block(_MEDIA[kind], url)
    return Block(type="raw", raw=part)


def _media_block(kind: str, url: str) -> Block:
    stored = _DATA_URL.match(url)
    if stored is None:
        return Block(type=kind, uri=url)
    return Block(type=kind, mime_type=stored[1] or None, data=url[stored.end() :])


def content_blocks(content: Any) -> list[Block]:
    """Give what a message says, a string or a list of parts, as blocks; empty texts are left out."""
    if isinstance(content, str):
        return [Block(type="text", text=content)] if content else []
    blocks = [part_block(part) for part in _parts(content)]
    return [block for block in blocks if block.text != ""]


def _parts(content: Any) -> list[Any]:
    if content is None:
        return []
    parts = as_list(content)
    return [content] if parts is None else parts


# --- what a user typed ------------------------------------------------------------------------------------------


class Typed(NamedTuple):
    """A user's message, taken apart."""

    attached: list[Block]
    """The uploaded files."""
    said: list[Block]
    """The rest, in order."""


def typed(content: Any) -> Typed:
    """Take the markup of uploads out of a user's message."""
    files: dict[str, Block] = {}
    said: list[Block] = []
    waiting = deque(_parts(content))
    uploads = 0
    while waiting:
        block = part_block(waiting.popleft())
        if block.type != "text" or not block.text:
            said += [] if block.text == "" else [block]
            continue
        rest = _without_upload(block.text, waiting, files, leading=not said) if uploads < _MOST_UPLOADS else None
        if rest is None:
            said += [] if block.text == _NO_WORDS else [block]
            continue
        uploads += 1
        if rest.strip():
            waiting.appendleft(rest.lstrip())
    return Typed(list(files.values()), said)


def user_blocks(content: Any) -> list[Block]:
    """Give a user's message as blocks, uploaded files first."""
    message = typed(content)
    return [*message.attached, *message.said]


def user_text(content: Any) -> str:
    """Give the words of a user's message: its texts joined by a blank, without the markup of uploads."""
    return " ".join(block.text for block in typed(content).said if block.type == "text" and block.text is not None)


def _without_upload(text: str, waiting: deque[Any], files: dict[str, Block], *, leading: bool) -> str | None:
    """Give the text after the upload it begins with, and note the file; None when it begins with none.

    Words of the user may show such tags too: they count only in front, or as a part of their own.
    """
    listed = _LISTED.match(text) if leading else None
    if listed is not None:
        for path in _LISTED_FILE.findall(listed[1]):
            files.setdefault(path, Block(type="file", path=path))
        return text[listed.end() :]
    tag = _TAG.match(text)
    if tag is None or not (leading or tag.end() == len(text.rstrip())):
        return None
    inside = _inside(tag[1], text[tag.end() :], waiting)
    if inside is None:
        return None
    media, rest = inside
    block = media or Block(type="image" if tag[1] == "image" else "file")
    mime_type = block.mime_type or tag[3] or None
    files[tag[2]] = attrs.evolve(block, path=tag[2], mime_type=mime_type)
    return rest


def _inside(tag: str, after: str, waiting: deque[Any]) -> tuple[Block | None, str] | None:
    """Take what lies before the closing tag: its picture or film, and the text after it."""
    close = f"</{tag}>"
    _, closed, rest = after.partition(close)
    if closed:
        return None, rest
    media: Block | None = None
    for number in range(min(_LOOK_AHEAD, len(waiting))):
        block = part_block(waiting[number])
        if block.type in ("image", "file"):
            media = block
        _, closed, rest = (block.text or "").partition(close)
        if closed:
            for _ in range(number + 1):
                waiting.popleft()
            return media, rest
    return None
