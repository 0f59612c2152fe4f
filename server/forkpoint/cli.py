"""What `forkpoint` does for people, on the same operations as the server, in a process of its own."""

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any, cast

import anyio
import attrs

from forkpoint import terminal
from forkpoint.cli_changes import COMMANDS, add_parsers, session_id_of
from forkpoint.doctor import examine, report_lines
from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.model.entry import Entry
from forkpoint.model.failures import Failure
from forkpoint.model.session import SessionRow
from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.history import ReplayHistoryParams, replay_history
from forkpoint.operations.services import Services, SilentCall
from forkpoint.operations.sessions import ListSessionsParams, list_sessions
from forkpoint.short_ids import Ambiguous, shortened


class WritingCall(SilentCall):
    """A call whose portions of entries go to the terminal as they come."""

    streams = True

    def __init__(self, as_json: bool) -> None:
        self._wire = WireConverter() if as_json else None

    async def partial(self, value: Any) -> None:
        """Write the entries of one portion."""
        for entry in cast("list[Entry]", value["entries"]):
            if self._wire is not None:
                terminal.write_json(self._wire.unstructure(entry))
            else:
                for line in terminal.entry_lines(entry):
                    terminal.write(line)


def run(argv: Sequence[str]) -> int:
    """Carry out one command line and give the exit code: 1 for what could not be had, 2 for wrong arguments."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as ending:  # argparse has written the help or the complaint itself
        return ending.code if isinstance(ending.code, int) else 2
    terminal.be_lenient()
    folder = os.getcwd()
    assembly = Assembly(Settings, lambda: (folder,), folder)
    commands = {"sessions": _sessions, "history": _history, "doctor": _doctor, **COMMANDS}
    try:
        code = anyio.run(commands[options.command], assembly.services(SilentCall()), options)
        terminal.flush()
        return code
    except (Failure, Ambiguous) as problem:
        terminal.complain(str(problem))
        return 1
    except BrokenPipeError:
        terminal.leave_a_closed_pipe()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="forkpoint", description="Sessions of coding agents on this machine.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    sessions = commands.add_parser("sessions", help="list sessions, the newest first")
    sessions.add_argument("--folder", action="append", type=_folder, help="only in this folder or below; repeatable")
    sessions.add_argument("--agent", action="append", help="only sessions of this agent; repeatable")
    sessions.add_argument("--all", action="store_true", help="every session, archived ones too")
    history = commands.add_parser("history", help="show what was said and done in a session")
    history.add_argument("id", help="the session's id, or the beginning of it when no other begins so")
    doctor = commands.add_parser("doctor", help="show what is here, what is missing and what cannot be read")
    changes = [(command, "the result as JSON") for command in add_parsers(commands.add_parser)]
    reads = [(sessions, "the page as JSON"), (history, "one entry per line"), (doctor, "as JSON")]
    for command, what in (*reads, *changes):
        command.add_argument("--json", action="store_true", help=what)
    return parser


def _folder(text: str) -> str:
    return os.path.abspath(os.path.expanduser(text))


async def _sessions(services: Services, options: argparse.Namespace) -> int:
    cursor: str | None = None
    rows: list[SessionRow] = []
    while True:
        params = ListSessionsParams(
            folders=options.folder,
            agents=options.agent,
            archived="all" if options.all else False,
            limit=500 if options.all else 50,
            cursor=cursor,
        )
        page = await list_sessions.run(services, params)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None or not options.all:
            break
    if options.json:
        terminal.write_json(WireConverter().unstructure(attrs.evolve(page, items=rows)))
        return 0
    _write_rows(rows, shortened(list((await services.sessions.walk()).sessions)))
    if cursor is not None:
        terminal.write("… and more; --all lists them")
    for problem in page.problems:
        terminal.complain(f"{problem.path}: {problem.reason}")
    return 0


def _write_rows(rows: Sequence[SessionRow], short_ids: Mapping[str, str]) -> None:
    lines = [
        (
            short_ids.get(row.session_id, row.session_id),
            terminal.when(row.updated_at),
            terminal.clip(row.title, terminal.TITLE_WIDTH),
            _notes(row),
            row.work_dir or "",
        )
        for row in rows
    ]
    for line in terminal.table(lines):
        terminal.write(line)
    if not rows:
        terminal.write("No sessions.")


def _notes(row: SessionRow) -> str:
    turns = "" if row.turn_count is None else f"{row.turn_count} turn{'s' * (row.turn_count != 1)}"
    marks = [turns, "archived" if row.archived else "", "problems" if row.problems else ""]
    return ", ".join(mark for mark in marks if mark)


async def _history(services: Services, options: argparse.Namespace) -> int:
    session_id = await session_id_of(services, options.id)
    call = WritingCall(options.json)
    await replay_history.run(attrs.evolve(services, call=call), ReplayHistoryParams(session_id=session_id))
    return 0


async def _doctor(services: Services, options: argparse.Namespace) -> int:
    report = await examine(services)
    if options.json:
        terminal.write_json({**attrs.asdict(report), "healthy": report.healthy})
    else:
        for line in report_lines(report):
            terminal.write(line)
    return 0 if report.healthy else 1
