"""What is wrong with some bytes on disk, as data beside what could be read."""

import attrs


@attrs.frozen(kw_only=True)
class Problem:
    """One thing found wrong while reading; it never costs more than what it names."""

    kind: str
    """What is wrong.

    In lines: tornTail, notJson, notObject, badUtf8, badRecord, blankLine, noFinalNewline, lineTooLong, noHeader,
    byteOrderMark, carriageReturns. In links between entries: orphan, duplicateId, cycle. In files: linkLeavesStore,
    notRegular, unreadable, badIndexFile. In our own state: stateUnreadable, stateDamaged.
    Of a change: notTidied, notNoted, stillGrowing, labelInUse, uploadsNotCopied. Of a moved folder:
    stillThere, notResumable. Of a cleanup: the kind of the error that refused it.
    """
    reason: str
    """One sentence fragment for a person."""
    path: str
    """The absolute path of the file."""
    line: int | None = None
    """The line, counted from 1; absent when the whole file is meant or the line is not counted."""
    byte_offset: int | None = None
    """Where the line begins, in bytes from the start of the file; absent with `line`."""
