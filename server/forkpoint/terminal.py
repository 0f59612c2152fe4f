"""Text for a person's terminal."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from forkpoint.model.entry import Block, Entry

CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
"""Control characters stored in a transcript would be obeyed by the terminal."""
ARGUMENTS_WIDTH = 100
TITLE_WIDTH = 60
OUTPUT_LINES = 5
SPOKEN = ("user", "assistant")
"""The kinds of entries whose text is shown in full; what the agent notes beside them gets a line."""


def write(text: str) -> None:
    """Write a line to standard output; what it cannot show is escaped."""
    sys.stdout.write(clean(text) + "\n")


def write_json(value: Any) -> None:
    """Write one JSON value on a line of its own; everything beyond ASCII is escaped where the terminal lacks it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def complain(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"forkpoint: {clean(text)}\n")


def flush() -> None:
    """Hand on what was written; a pipe that nobody reads any more is told of here at the latest."""
    sys.stdout.flush()


def be_lenient() -> None:
    """Escape what the terminal's encoding lacks, such as the lone surrogates of a path that is not UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def leave_a_closed_pipe() -> None:
    """Let standard output lead nowhere, so that the interpreter's own last flush does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def clean(text: str) -> str:
    """Give a text without characters that a terminal obeys."""
    return text.translate(CONTROLS)


def clip(text: str, width: int) -> str:
    """Give a text on one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


def when(milliseconds: int | None) -> str:
    """Give a time in the zone of this machine, to the minute; blank when unknown."""
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")


def table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give rows as lines with aligned columns; the last column is as long as it is."""
    kept = [[clip(cell, 200) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    for row in kept:
        *cells, last = row
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)), last]).rstrip()


def entry_lines(entry: Entry) -> Iterator[str]:
    """Give an entry as lines: what was said in full, tools in a line, their output by its first lines."""
    if entry.kind == "user":
        turn = "" if entry.turn is None else f"turn {entry.turn}, "
        yield ""
        yield f"--- {turn}{when(entry.at)}"
    for block in entry.content:
        yield from _block_lines(entry, block)
    for problem in entry.problems or ():
        yield f"  ! {problem.kind}: {problem.reason}"


def _block_lines(entry: Entry, block: Block) -> Iterator[str]:
    match block.type:
        case "text" if entry.kind == "toolResult":
            yield from _indented(block.text or "")
        case "text" if entry.kind not in SPOKEN:
            yield f"  * {entry.agent_kind}: {clip(block.text or '', ARGUMENTS_WIDTH)}"
        case "text":
            yield from (block.text or "").split("\n")
        case "thinking":
            yield f"  ({clip(block.text or '', ARGUMENTS_WIDTH)})"
        case "toolCall":
            arguments = json.dumps(block.arguments, ensure_ascii=False)
            state = f" [{block.state}]" if block.state else ""
            yield f"  > {block.name} {clip(arguments, ARGUMENTS_WIDTH)}{state}"
            if block.nested:
                yield f"    {len(block.nested)} entries of a helper"
        case "diff" if block.path is None:
            yield from _indented(block.text or "")
        case "diff":
            yield f"  ± {block.path}"
        case "image" | "file":
            yield f"  [{block.type} {block.mime_type or block.uri or ''}]".rstrip()
        case _:
            yield f"  [{entry.agent_kind}]"


def _indented(text: str) -> Iterator[str]:
    lines = text.rstrip("\n").split("\n")
    for line in lines[:OUTPUT_LINES]:
        yield f"  | {line[:ARGUMENTS_WIDTH]}"
    if len(lines) > OUTPUT_LINES:
        yield f"  | … {len(lines) - OUTPUT_LINES} lines more"
