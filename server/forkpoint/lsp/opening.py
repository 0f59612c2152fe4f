"""The first moments of a session: `initialize` is read and answered before anything heavy is loaded."""

import contextlib
import gc
import json
import os
import signal

from forkpoint.lsp.descriptors import STDIN, claim_stdout, read_into, write_all
from forkpoint.lsp.early_reply import CapabilityTable, early_reply
from forkpoint.lsp.frames import Frame, FrameParser, Oversized, frame_header


class Opening:
    """What is known when the event loop begins."""

    def __init__(self, output: int, parser: FrameParser, frames: list[Frame], *, answered: bool) -> None:
        self.output = output
        """The descriptor that frames are written to."""
        self.parser = parser
        """Holds what was read behind the first frames."""
        self.frames = frames
        """The frames that came first; none when the input ended before one was whole."""
        self.answered = answered
        """Whether the first of them has its reply."""


def open_session(table: CapabilityTable | None) -> Opening:
    """Read the first frames, and answer the first of them if it is an `initialize` that the table can answer.

    Errors: OSError when there is no standard output.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    output = claim_stdout()
    parser = FrameParser()
    frames: list[Frame] = []
    while not frames and (count := read_into(STDIN, parser.space())):
        frames = parser.filled(count)
    answered = table is not None and bool(frames) and _answer(frames[0], table, output)
    return Opening(output, parser, frames, answered=answered)


def settle_memory() -> None:
    """Let the collector run again, and keep it away from everything that was loaded so far."""
    gc.freeze()
    gc.enable()


def _answer(frame: Frame, table: CapabilityTable, output: int) -> bool:
    if isinstance(frame, Oversized):
        return False
    try:
        reply = early_reply(json.loads(frame), table)
    except (ValueError, RecursionError):
        return False
    if reply is None:
        return False
    body = json.dumps(reply, separators=(",", ":")).encode()
    with contextlib.suppress(OSError):  # a client that is gone already is noticed when its input is read
        write_all(output, frame_header(len(body)) + body)
    return True


def _leave(*_: object) -> None:
    os._exit(0)  # nothing is begun yet that would have to be ended
