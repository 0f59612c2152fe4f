"""`forkpoint fork|rename|archive|unarchive|delete|trash|restore`: changes of sessions from a terminal."""

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from forkpoint import terminal
from forkpoint.lsp.wire_converter import WireConverter
from forkpoint.model.failures import TrashNotFound
from forkpoint.model.problem import Problem
from forkpoint.operations.fork import ForkPoint, ForkSessionParams, fork_session
from forkpoint.operations.services import Services
from forkpoint.operations.trash import (
    DeleteSessionParams,
    Generation,
    ListGenerationsParams,
    RestoreSessionParams,
    delete_session,
    list_generations,
    restore_session,
)
from forkpoint.operations.update import UpdateSessionParams, update_session
from forkpoint.short_ids import only, resolved

Command = Callable[[Services, argparse.Namespace], Awaitable[int]]

_ID = "the session's id, or the beginning of it when no other begins so"


def add_parsers(add: Callable[..., argparse.ArgumentParser]) -> Sequence[argparse.ArgumentParser]:
    """Add the commands that change something by `add`, which takes a name and a help text; gives their parsers."""
    fork = add("fork", help="make a new session that begins as another one does")
    fork.add_argument("id", help=_ID)
    fork.add_argument("--turn", type=int, help="the last turn that comes along, counted from 0; else all of them")
    fork.add_argument("--title", help="the title of the new session")
    rename = add("rename", help="give a session a title of its own")
    rename.add_argument("id", help=_ID)
    rename.add_argument("title", help="the title; an empty one takes the own title away")
    archive = add("archive", help="put a session away; it stays where it is")
    archive.add_argument("id", help=_ID)
    unarchive = add("unarchive", help="take a session back that was put away")
    unarchive.add_argument("id", help=_ID)
    delete = add("delete", help="move a session to the trash")
    delete.add_argument("id", help=_ID)
    delete.add_argument("--stop", action="store_true", help="although somebody worked on it a moment ago")
    trash = add("trash", help="list what is in the trash, the newest first")
    restore = add("restore", help="bring a session back from the trash")
    restore.add_argument("id", help="its id in the trash, or the beginning of it, as `trash` shows them")
    return fork, rename, archive, unarchive, delete, trash, restore


async def _fork(services: Services, options: argparse.Namespace) -> int:
    params = ForkSessionParams(
        session_id=await session_id_of(services, options.id),
        at=None if options.turn is None else ForkPoint(turn=options.turn),
        title=options.title,
    )
    result = await fork_session.run(services, params)
    _tell(options, result, result.session.session_id, result.problems)
    return 0


async def _rename(services: Services, options: argparse.Namespace) -> int:
    session_id = await session_id_of(services, options.id)
    result = await update_session.run(services, UpdateSessionParams(session_id=session_id, title=options.title or None))
    _tell(options, result, result.session.title)
    return 0


async def _archive(services: Services, options: argparse.Namespace) -> int:
    session_id = await session_id_of(services, options.id)
    archived = options.command == "archive"
    result = await update_session.run(services, UpdateSessionParams(session_id=session_id, archived=archived))
    _tell(options, result, f"{session_id} is {'archived' if archived else 'not archived any more'}")
    return 0


async def _delete(services: Services, options: argparse.Namespace) -> int:
    session_id = await session_id_of(services, options.id)
    result = await delete_session.run(services, DeleteSessionParams(session_id=session_id, stop=options.stop))
    _tell(options, result, f"{session_id} is in the trash; forkpoint restore {result.trash_id} brings it back")
    return 0


async def _trash(services: Services, options: argparse.Namespace) -> int:
    listed = await list_generations.run(services, ListGenerationsParams())
    if options.json:
        terminal.write_json(WireConverter().unstructure(listed))
        return 0
    for line in terminal.table(map(_trash_line, listed.items)):
        terminal.write(line)
    if not listed.items:
        terminal.write("The trash is empty.")
    return 0


def _trash_line(item: Generation) -> Sequence[str]:
    kept = f"kept until {terminal.when(item.expires_at)}" if item.expires_at is not None else ""
    title = terminal.clip(item.title or "", terminal.TITLE_WIDTH)
    return item.trash_id or "", terminal.when(item.at), title, kept, item.session_id


async def _restore(services: Services, options: argparse.Namespace) -> int:
    listed = await list_generations.run(services, ListGenerationsParams())
    found = [item.trash_id for item in listed.items if item.trash_id and item.trash_id.startswith(options.id)]
    if not found:
        raise TrashNotFound(trash_id=options.id)
    result = await restore_session.run(services, RestoreSessionParams(trash_id=only(options.id, found)))
    _tell(options, result, f"{result.session.session_id} is back", result.problems)
    return 0


async def session_id_of(services: Services, given: str) -> str:
    """Give the session that a person means. Raises SessionNotFound, Ambiguous."""
    walk = await services.sessions.walk()
    native_ids = {session_id: located.candidate.native_id for session_id, located in walk.sessions.items()}
    return resolved(given, native_ids)


def _tell(options: argparse.Namespace, result: Any, line: str, problems: Sequence[Problem] = ()) -> None:
    """Write a result: whole as JSON, or one line, and what is wrong with it on standard error."""
    if options.json:
        terminal.write_json(WireConverter().unstructure(result))
        return
    terminal.write(line)
    for problem in problems:
        terminal.complain(problem.reason)


COMMANDS: Mapping[str, Command] = {
    "fork": _fork,
    "rename": _rename,
    "archive": _archive,
    "unarchive": _archive,
    "delete": _delete,
    "trash": _trash,
    "restore": _restore,
}
