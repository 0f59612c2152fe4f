"""A fork: a new file that begins with lines of another one, byte for byte.

Source: pi coding-agent 0.87.1 `createBranchedSession`, `forkFrom`; pi_agent_rust 0.8 reads `parentSession` too.
"""

from forkpoint.agents.adapter import Ask, Disk
from forkpoint.agents.formats.pi_v3.writing.appended import Appended
from forkpoint.agents.formats.pi_v3.writing.attachments import blob_names, blobs_folder, copied_blobs, named_blobs
from forkpoint.agents.formats.pi_v3.writing.extract import Kept, copied_pieces, is_orphan, is_torn, kept_lines
from forkpoint.agents.formats.pi_v3.writing.ids import EntryIds, session_id
from forkpoint.agents.formats.pi_v3.writing.labels import labels_to_add
from forkpoint.agents.formats.pi_v3.writing.new_session import file_name, new_header
from forkpoint.agents.formats.pi_v3.writing.open_calls import open_calls
from forkpoint.agents.formats.pi_v3.writing.subject import transcript_path, writable_header
from forkpoint.agents.writing import Creation, Cut, ForkPlan, Lines, NewFile, NewFolder, Occasion, Plan, Subject
from forkpoint.model.failures import NotSupported
from forkpoint.model.problem import Problem

INTERRUPTED = "Interrupted: the session was forked before this tool call had a result."
"""What a fork records as the result of a call that was open where it was cut."""
LEAF = "forkpoint.leaf"
"""The `custom` entry that makes its parent the place to go on from, for every program that reads the file."""


def plan_fork(
    subject: Subject, cut: Cut, wanted: Creation, occasion: Occasion, lines: Lines, folder: str, disk: Disk
) -> Ask | ForkPlan:
    """Plan a fork in `folder`; the listing of the source's attachments must have been asked for.

    Raises NotSupported, EntryNotFound, TurnOutOfRange.
    """
    header = writable_header(subject, "fork")
    source = transcript_path(subject.arrangement)
    kept = kept_lines(lines, cut, subject.session_id)
    problems = _problems(lines, kept, source)
    name = session_id(occasion)
    target = f"{folder}/{file_name(name, occasion.now)}"
    before: list[NewFolder] = []
    if blob_names(disk, source):
        named = named_blobs(lines, kept.numbers)
        if named and disk.rounds < 2:
            return Ask(stamps=[f"{blobs_folder(source)}/{blob}" for blob in named])
        attachments, missing = copied_blobs(source, target, named, disk)
        problems += missing
        before += [] if attachments is None else [attachments]
    added, closed = _added(subject, kept, wanted, occasion, lines)
    parent = wanted.parent_path or source
    begin = new_header(name, header.version, wanted.work_dir, parent, occasion.now)
    content = [begin, *copied_pieces(lines, kept.numbers, source), added]
    step = NewFile(path=target, content=[*filter(None, content)])
    plan = Plan(before=before, step=step, native_id=name, path=target)
    return ForkPlan(plan=plan, prefill=kept.prefill, closed_tool_calls=closed, problems=problems)


def _problems(lines: Lines, kept: Kept, source: str) -> list[Problem]:
    """Name what of the source the fork cannot have as it should be. Raises NotSupported."""
    found: list[Problem] = []
    if is_orphan(lines, kept.path):
        reason = "the entry that the path began with is not in the file"
        start = lines.span(kept.path[0])[0]
        found.append(Problem(kind="orphan", reason=reason, path=source, line=kept.path[0] + 1, byte_offset=start))
    if kept.whole and is_torn(lines):
        last = len(lines) - 1
        reason = "the last line was not written whole and stays behind"
        start = lines.span(last)[0]
        found.append(Problem(kind="tornTail", reason=reason, path=source, line=last + 1, byte_offset=start))
    return found


def _added(subject: Subject, kept: Kept, wanted: Creation, occasion: Occasion, lines: Lines) -> tuple[bytes, int]:
    """Give the lines that follow the kept ones, and how many of them close tool calls. Raises NotSupported."""
    leaf = lines.line(kept.path[-1]).id if kept.path else None
    if kept.path and leaf is None:
        raise NotSupported(capability="fork", reason="the last entry has no id that another could follow")
    added = Appended(EntryIds(occasion, subject.taken_ids), occasion.now, leaf)
    calls = open_calls(lines, kept.path)
    for call in calls:
        added.interrupted(call, INTERRUPTED)
    for label in labels_to_add(lines, kept):
        added.label(label.target, label.label, label.at)
    added.settings(title=wanted.title, model=wanted.model, level=wanted.thinking_level)
    if not added.lines and kept.whole and not _ends_in_leaf(lines, kept):
        added.custom(LEAF)
    return added.lines, len(calls)


def _ends_in_leaf(lines: Lines, kept: Kept) -> bool:
    """Tell whether the last entry is the leaf; it is not where pi_agent_rust's header, which a fork lacks, says so."""
    last = next((number for number in reversed(kept.numbers) if lines.line(number).node), None)
    return last == (kept.path[-1] if kept.path else None)
