"""Reading the lines of one session file: what each is, and what it becomes in a history."""

from collections.abc import Iterable
from typing import Any, Literal

from forkpoint.agents.adapter import Change, Line, Place
from forkpoint.agents.formats.pi_v3.digest import V3Digest
from forkpoint.agents.formats.pi_v3.entries import entry_of
from forkpoint.agents.formats.pi_v3.header import (
    BYTE_ORDER_MARK,
    HEADER_TYPE,
    Header,
    Opening,
    is_header,
    read_header,
    without_mark,
)
from forkpoint.agents.formats.pi_v3.messages import Record, count_calls, decode_quickly, read_message, record_of
from forkpoint.agents.formats.pi_v3.records import (
    ASSISTANT,
    HEAD,
    KINDS,
    MESSAGE,
    MESSAGE_KINDS,
    TOOL_RESULT,
    USER,
    USUAL,
    kind_and_flaw,
)
from forkpoint.agents.formats.pi_v3.values import as_object, as_text, is_utf8, milliseconds, time_of
from forkpoint.model.source import Part
from forkpoint.parsing import json_lines

_KINDS = {name.encode(): kind for name, kind in KINDS.items()}
_MESSAGE_KINDS = {role.encode(): kind for role, kind in MESSAGE_KINDS.items()}
_MESSAGE = MESSAGE.encode()
_CARRIAGE_RETURN = 0x0D
_BRACE = 0x7D


class V3Reader:
    """Classes and folds the lines of a file with this opening."""

    shape: Literal["linear", "tree"]
    leaf: str | None

    def __init__(self, opening: Opening) -> None:
        self.shape = "linear" if opening.linear else "tree"
        self.leaf = None if opening.header is None else opening.header.leaf
        self._opening = opening
        self._last: tuple[Line, Record] | None = None
        self._returns_known = False

    # -- classes ------------------------------------------------------------------------------------------------

    def classify(self, part: Part, buffer: bytes | bytearray, start: int, end: int, *, thorough: bool) -> Line:
        """Class a line; what is no record (a header, a blank or broken line) is no node."""
        head = HEAD.match(buffer, start, end)
        if head is None or buffer[end - 1] != _BRACE:
            if end > start and buffer[end - 1] == _CARRIAGE_RETURN:
                return self._returned(self._look_closer(bytes(buffer[start : end - 1])))
            return self._look_closer(bytes(buffer[start:end]))
        name, own, parent, role, opened = head.group(1, 2, 3, 5, 6)
        kind = _MESSAGE_KINDS.get(role) if name == _MESSAGE else _KINDS.get(name)
        own_id = parent_id = None
        if self.shape == "tree":
            if own is None:
                return self._look_closer(bytes(buffer[start:end]))
            own_id, parent_id = own.decode(), None if parent is None else parent.decode()
        if thorough:
            if kind in USUAL:
                return self._check(kind, own_id, parent_id, bytes(memoryview(buffer)[start:end]))
        elif kind == ASSISTANT:
            calls = count_calls(memoryview(buffer)[start:end])
            if calls is not None:
                return Line(kind, True, own_id, parent_id, True, False, calls)
        elif kind is not None and (kind != USER or opened is not None):
            return Line(kind, True, own_id, parent_id, True, kind == USER)
        return self._look_closer(bytes(buffer[start:end]))

    def _check(self, kind: str, own: str | None, parent: str | None, raw: bytes) -> Line:
        """Class a message whose first bytes are as usual, looking at all of it."""
        if not (raw.isascii() or is_utf8(raw)):
            return self._look_closer(raw)
        if kind == TOOL_RESULT:
            fits = count_calls(raw) is not None
            return Line(kind, True, own, parent) if fits else self._look_closer(raw)
        record = decode_quickly(raw)
        if record is None or record.message.content is None:
            return self._look_closer(raw)
        line = Line(kind, True, own, parent, True, kind == USER, record.message.calls if kind == ASSISTANT else 0)
        self._last = (line, record)
        return line

    def _look_closer(self, raw: bytes) -> Line:
        """Class a line by decoding it whole."""
        if raw.startswith(BYTE_ORDER_MARK):
            line = self._decode_whole(without_mark(raw))
            return _complain(line, "byteOrderMark", "the line begins with a byte order mark")
        return self._decode_whole(raw)

    def _decode_whole(self, raw: bytes) -> Line:
        value, problem, reason = json_lines.decode_lenient(raw)
        if problem == "notJson":
            if not raw.strip():
                return Line("", problem="blankLine", reason="the line is blank")
            return Line("", problem=problem, reason=reason)
        record = as_object(value)
        if record is None:
            return Line("", problem="notObject", reason="JSON, but no object")
        line = self._header_line(read_header(record)) if is_header(record) else self._record_line(record)
        return line if problem is None else line._replace(problem=problem, reason=reason)

    def _header_line(self, header: Header) -> Line:
        known = self._opening.header
        if known is None or header.id != known.id:
            reason = "a header that is not the first record of its file"
            return Line(HEADER_TYPE, problem="badRecord", reason=reason)
        return Line(HEADER_TYPE) if header.flaw is None else Line(HEADER_TYPE, problem="badRecord", reason=header.flaw)

    def _record_line(self, record: dict[str, Any]) -> Line:
        kind, wrong = kind_and_flaw(record)
        own = parent = None
        if self.shape == "tree":
            own, parent = as_text(record.get("id")) or None, as_text(record.get("parentId")) or None
        nameless = own is None and not isinstance(record.get("type"), str)
        message = record_of(record) if kind in (USER, ASSISTANT) else None
        calls = message.message.calls if message is not None and kind == ASSISTANT else 0
        problem = None if wrong is None else "badRecord"
        line = Line(kind, not nameless, own, parent, True, kind == USER, calls, problem, wrong or "")
        if message is not None:
            self._last = (line, message)
        return line

    def _returned(self, line: Line) -> Line:
        """Name the carriage return, once for a file whose header has one too."""
        if line.kind == HEADER_TYPE:
            self._returns_known = True
        elif self._returns_known:
            return line
        return _complain(line, "carriageReturns", "lines end in a carriage return and a line feed")

    # -- digest and fold ----------------------------------------------------------------------------------------

    def digest(self) -> V3Digest:
        """Begin a digest."""
        return V3Digest(self._opening, self._message)

    def _message(self, line: Line, buffer: bytes | bytearray, start: int, end: int) -> Record | None:
        """The message of a line, kept from the line's classing when that was the last one classed."""
        last = self._last
        if last is not None and last[0] is line:
            return last[1]
        return read_message(without_mark(bytes(buffer[start:end])))

    def fold(self, state: Any = None) -> "V3Fold":
        """Begin a fold; one line is one entry, so that there is no state."""
        return V3Fold()

    def turn_text(self, line: Line, raw: bytes) -> tuple[str, int | None]:
        """Give the user's text and its time."""
        record = read_message(without_mark(raw))
        if record is None:
            return "", None
        return record.message.text, milliseconds(record.timestamp) or milliseconds(record.message.timestamp)

    def time(self, line: Line, raw: bytes) -> int | None:
        """Give the time of any record."""
        head = HEAD.match(raw)
        if head is not None:
            found = milliseconds(head[4].decode())
            if found is not None:
                return found
        return time_of(as_object(json_lines.decode_lenient(without_mark(raw))[0]))


class V3Fold:
    """Makes an entry of each line."""

    def feed(self, place: Place, line: Line, raw: bytes) -> Iterable[Change]:
        """Take one line."""
        return (Change("add", entry_of(place, line, raw)),) if line.node else ()

    def finish(self) -> Iterable[Change]:
        """Close nothing: no entry stays open."""
        return ()

    def save(self) -> Any:
        """Give the state: there is none."""
        return None


def _complain(line: Line, problem: str, reason: str) -> Line:
    """Name what is wrong with a line unless something worse is."""
    return line._replace(problem=problem, reason=reason) if line.problem in (None, "blankLine") else line
