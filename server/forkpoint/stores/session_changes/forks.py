"""Forks, made and only thought out."""

import attrs

from forkpoint.agents.adapter import Ask
from forkpoint.agents.writing import (
    Copied,
    Creation,
    Cut,
    ForkPlan,
    NewFile,
    NewFolder,
    Occasion,
    Plan,
    Subject,
    Writer,
)
from forkpoint.model.failures import NotSupported
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.stores.disk import LocalDisk
from forkpoint.stores.session_changes.fork_uploads import joining
from forkpoint.stores.session_changes.subjects import OpenSubject, opened_subject, writer_of
from forkpoint.stores.session_changes.tools import ChangeTools, noted
from forkpoint.stores.session_rows import editable_of
from forkpoint.stores.session_walk import Located, session_id_of
from forkpoint.stores.state.lineage import Descent
from forkpoint.stores.workers import CancelFlag

_LATER = "somebody wrote to the session a moment ago; what comes later is not in the fork"


@attrs.frozen(kw_only=True)
class Forked:
    """A fork that is there now."""

    row: SessionRow
    prefill: str | None
    closed_tool_calls: int
    problems: list[Problem]


@attrs.frozen(kw_only=True)
class Outlook:
    """What a fork would be."""

    prefill: str | None
    closed_tool_calls: int
    size_bytes: int
    problems: list[Problem]


def fork(tools: ChangeTools, session_id: str, cut: Cut, title: str | None, flag: CancelFlag) -> Forked:
    """Fork a session. Raises a Failure, and then there is no fork."""
    with tools.leases.sessions([session_id], flag):
        located, _ = tools.store.finder.locate(session_id, flag)
        with opened_subject(tools.store, located, flag) as subject:
            question = _Question(tools, subject, cut, title)
            descent = Descent(
                child="", parent=session_id, entry_id=cut.after or cut.before, turn=cut.turn, at=question.occasion.now
            )
            with (
                tools.descending(located.adapter, descent) as note,
                joining(tools, located, subject.arrangement, flag) as uploads,
            ):

                def expect(plan: Plan) -> None:
                    note(plan)
                    uploads.prepare(plan)

                done = tools.carry_out(located.home, question, flag, expect=expect)
            problems = [*uploads.problems]
        problems += [*_warnings(tools, subject), *done.planned.problems, *done.problems]
        if question.homeless_title is not None:
            problems += _note_title(tools, located, done.planned.plan, question.homeless_title)
    planned = done.planned
    return Forked(
        row=tools.new_row(planned.plan.path),
        prefill=planned.prefill,
        closed_tool_calls=planned.closed_tool_calls,
        problems=problems,
    )


def think_fork_out(tools: ChangeTools, session_id: str, cut: Cut, flag: CancelFlag) -> Outlook:
    """Say what a fork would be; nothing is written and no lease is taken. Raises what a fork would."""
    located, _ = tools.store.finder.locate(session_id, flag)
    with opened_subject(tools.store, located, flag) as subject:
        question = _Question(tools, subject, cut, None)
        planned = tools.planned(located.home, question, flag)
        problems = [*_warnings(tools, subject), *planned.problems]
    return Outlook(
        prefill=planned.prefill,
        closed_tool_calls=planned.closed_tool_calls,
        size_bytes=_size(planned),
        problems=problems,
    )


class _Question:
    """What the writer is asked; the occasion stays the same however often that is."""

    def __init__(self, tools: ChangeTools, subject: OpenSubject, cut: Cut, title: str | None) -> None:
        self.occasion: Occasion = tools.occasion()
        self._writer: Writer = writer_of(subject.located, "fork")
        has_title = "title" in self._writer.fields
        self.homeless_title = None if has_title else title
        """A title that the format has no field for."""
        self._subject = _titled(tools, subject)
        self._lines = subject.lines
        self._cut = cut
        self._wanted = Creation(
            work_dir=_work_dir(subject.located),
            title=title if has_title else None,
            parent_path=subject.located.candidate.path,
        )

    def __call__(self, disk: LocalDisk) -> Ask | ForkPlan:
        return self._writer.fork(self._subject, self._cut, self._wanted, self.occasion, self._lines, disk)


def _titled(tools: ChangeTools, subject: OpenSubject) -> Subject:
    """Give the source with the title that is noted about it, where its own files have no field for one."""
    located, about = subject.located, subject.with_leaf()
    title = tools.state.own_notes().of(located.session_id).title
    if title is None or "title" in editable_of(located, subject.arrangement):
        return about
    return attrs.evolve(about, arrangement=attrs.evolve(about.arrangement, title=title, title_is_final=True))


def _note_title(tools: ChangeTools, located: Located, plan: Plan, title: str) -> list[Problem]:
    child = session_id_of(located.adapter, plan.native_id)
    return noted(lambda: tools.state.notes.change(child, {"title": title}), "title", plan.path)


def _work_dir(located: Located) -> str:
    work_dir = located.work_dir
    if work_dir is None:
        raise NotSupported(capability="fork", reason="the session does not say which folder it works in")
    return work_dir


def _warnings(tools: ChangeTools, subject: OpenSubject) -> list[Problem]:
    path = tools.activity.growing(subject.arrangement)
    return [] if path is None else [Problem(kind="stillGrowing", reason=_LATER, path=path)]


def _size(planned: ForkPlan) -> int:
    """The bytes of all files of a fork."""
    steps = (planned.plan.step, *planned.plan.before)
    files = [step for step in steps if isinstance(step, NewFile)]
    files += [file for step in steps if isinstance(step, NewFolder) for file in step.files]
    pieces = [piece for file in files for piece in file.content]
    return sum(piece.end - piece.start if isinstance(piece, Copied) else len(piece) for piece in pieces)
