"""Frames of the base protocol, cut out of a byte stream; pure, and light enough to be loaded before anything else.

A frame is header lines, an empty line and a body of `Content-Length` bytes. Header names are taken in any case, with
any blanks, in any order and with `\\n` or `\\r\\n`. What stands between frames is skipped: a sender that counted wrong
loses that frame and not the connection.
"""

import re

MAX_BODY = 128 * 1024 * 1024
"""The longest body that is taken, in bytes."""
MAX_LINE = 16 * 1024
"""A header line longer than this is garbage, in bytes."""
HEAD_KEPT = 4096
"""How much of a refused body is kept, in bytes: enough to find the id of its request."""
CHUNK = 64 * 1024
LONGEST_LENGTH_LINE = 256
"""How much of a garbage line is kept, in bytes, because its end may still be a header."""

_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*([0-9]{1,18})[ \t\r]*\Z", re.IGNORECASE)


class Oversized:
    """A frame whose body was skipped because it is over the limit."""

    __slots__ = ("head", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self.head = b""
        """The first bytes of the body, at most `HEAD_KEPT`."""


Frame = bytes | bytearray | Oversized
"""A whole body, or what is left of one that was too long."""


class FrameParser:
    """Cuts frames. The owner reads into `space()`, then tells `filled` how many bytes it got.

    A long body is read straight into a buffer of its own length.
    """

    def __init__(self, max_body: int = MAX_BODY) -> None:
        self._max_body = max_body
        self._chunk = memoryview(bytearray(CHUNK))
        self._pending = b""
        """Bytes read and not cut yet, of which those before `_at` are done with."""
        self._at = 0
        self._length: int | None = None
        """What the header lines so far give as the length."""
        self._body: bytearray | None = None
        """The body that is being read, of which `_have` bytes are there."""
        self._have = 0
        self._skipping: Oversized | None = None
        self._to_skip = 0

    def space(self) -> memoryview:
        """Give the buffer that the next bytes belong in; never empty."""
        return self._chunk if self._body is None else memoryview(self._body)[self._have :]

    def filled(self, count: int) -> list[Frame]:
        """Take the `count` bytes that were read into `space()`; give the frames that are whole now."""
        if self._body is not None:
            self._have += count
            if self._have < len(self._body):
                return []
            whole, self._body = self._body, None
            return [whole]
        self._pending = self._pending[self._at :] + bytes(self._chunk[:count])
        self._at = 0
        frames: list[Frame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes that were read elsewhere; give the frames that are whole now."""
        frames: list[Frame] = []
        rest = memoryview(data)
        while rest:
            space = self.space()
            count = min(len(space), len(rest))
            space[:count] = rest[:count]
            frames += self.filled(count)
            rest = rest[count:]
        return frames

    def _next(self) -> Frame | None:
        """Cut one frame off the pending bytes; None when more are needed."""
        if self._skipping is not None:
            return self._skip(self._skipping)
        length = self._header()
        if length is None:
            return None
        if length > self._max_body:
            self._skipping, self._to_skip = Oversized(length), length
            return self._skip(self._skipping)
        end = self._at + length
        if end <= len(self._pending):
            whole = self._pending[self._at : end]
            self._at = end
            return whole
        self._body = bytearray(length)
        self._have = len(self._pending) - self._at
        self._body[: self._have] = self._pending[self._at :]
        self._at = len(self._pending)
        return None

    def _header(self) -> int | None:
        """Go through header lines; give the length once the empty line has come."""
        while (end := self._pending.find(b"\n", self._at)) >= 0:
            line = self._pending[self._at : end]
            self._at = end + 1
            if (found := _LENGTH.search(line)) is not None:
                self._length = int(found[1])
            elif self._length is not None and not line.strip():
                length, self._length = self._length, None
                return length
        if len(self._pending) - self._at > MAX_LINE:
            self._at = len(self._pending) - LONGEST_LENGTH_LINE
        return None

    def _skip(self, frame: Oversized) -> Oversized | None:
        """Pass over what is there of a body that is too long."""
        taken = self._pending[self._at : self._at + self._to_skip]
        self._at += len(taken)
        self._to_skip -= len(taken)
        frame.head += taken[: HEAD_KEPT - len(frame.head)]
        if self._to_skip:
            return None
        self._skipping = None
        return frame


def frame_header(length: int) -> bytes:
    """Give the header of a frame whose body has `length` bytes."""
    return b"Content-Length: %d\r\n\r\n" % length
