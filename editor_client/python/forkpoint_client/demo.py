"""`python -m forkpoint_client.demo`: what an editor's sidebar does, step by step, against the real server."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from forkpoint_client.calls import Entry, SessionRow
from forkpoint_client.client import ForkpointClient
from forkpoint_client.errors import ConnectionLost, ForkpointError

NO_SESSIONS = 3
"""The exit code when this machine has no sessions to show."""
SHOWN_SESSIONS = 8
SHOWN_ENTRIES = 6
SHOWN_FILES = 10
WIDTH = 100


async def show(client: ForkpointClient, folder: str | None, changes: bool) -> int:
    """Walk through the calls, on one folder or on the one with the newest session; change sessions if asked to."""
    chosen = folder or await _newest_folder(client)
    if chosen is None:
        return NO_SESSIONS
    page = await client.list_sessions(folders=[chosen], limit=SHOWN_SESSIONS)
    if not page["items"]:
        return NO_SESSIONS
    _say(f"process {client.connection.pid} answers {len(client.capabilities['methods'])} methods")
    _step("sessions/list", f"the sessions of {chosen}")
    for row in page["items"]:
        _say(_row(row))
    if "nextCursor" in page:
        _say("… and more, by `nextCursor`")
    first = page["items"][0]

    _step("history/read", f"the end of “{_clip(first['title'])}”")
    history = await client.read_history(session_id=first["sessionId"], limit=SHOWN_ENTRIES)
    if history["hasMoreBefore"]:
        _say("…")
    for entry in history["entries"]:
        _say(f"{entry['kind']:>12}  {_text(entry)}")
    await _show_git(client, chosen)
    await _show_guard(client, first)
    if changes:
        await _show_changes(client, first)
    return 0


async def _newest_folder(client: ForkpointClient) -> str | None:
    folders = await client.list_work_dirs()
    return next((item["path"] for item in folders["items"] if item["exists"]), None)


async def _show_git(client: ForkpointClient, folder: str) -> None:
    _step("git/diffStats", "what changed there since the last commit")
    try:
        stats = await client.diff_stats(folder=folder)
    except ForkpointError as refusal:
        _say(f"refused: {refusal}")
        return
    if not stats["isGitRepo"]:
        _say("not a git repository")
        return
    for file in stats["files"][:SHOWN_FILES]:
        counts = "binary" if file["binary"] else f"+{file.get('additions')} -{file.get('deletions')}"
        before = f"  (was {_clip(file['oldPath'])})" if "oldPath" in file else ""
        _say(f"{file['status']:>12}  {counts:>10}  {_clip(file['path'])}{before}")
    if len(stats["files"]) > SHOWN_FILES:
        _say(f"… and {len(stats['files']) - SHOWN_FILES} more")
    _say(f"in all +{stats['totalAdditions']} -{stats['totalDeletions']}")


async def _show_guard(client: ForkpointClient, row: SessionRow) -> None:
    _step("files/read", "a file that may hold secrets, and one outside of the session's folder")
    for path in (".env", "../outside.txt"):
        try:
            await client.read_file(session_id=row["sessionId"], path=path)
            _say(f"{path}: was read, which it must not be")
        except ForkpointError as refusal:
            _say(f"{path}: {refusal.kind}, {refusal.data.get('reason')}. {refusal.message}")


async def _show_changes(client: ForkpointClient, row: SessionRow) -> None:
    _step("sessions/fork", "a new session that begins with the first turn of this one")
    forked = await client.fork_session(session_id=row["sessionId"], at={"turn": 0})
    fork = forked["session"]
    _say(_row(fork))
    _step("sessions/update", "a title of its own, and back again")
    renamed = await client.update_session(session_id=fork["sessionId"], title="Another way", pinned=True)
    _say(f"{_row(renamed['session'])}, pinned")
    undone = await client.update_session(session_id=fork["sessionId"], **cast("Any", renamed["previous"]))
    _say(_row(undone["session"]))
    _step("sessions/delete", "into the trash, and back from there")
    deleted = await client.delete_session(session_id=fork["sessionId"], stop=True)
    for item in (await client.list_generations())["items"]:
        _say(f"in the trash: {_clip(item.get('title', ''))}")
    if "trashId" in deleted:
        restored = await client.restore_session(trash_id=deleted["trashId"])
        _say(_row(restored["session"]))


def _row(row: SessionRow) -> str:
    updated = datetime.fromtimestamp(row["updatedAt"] / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
    marks = [_count(row["turnCount"], "turn")] if "turnCount" in row else []
    marks += [_count(len(row["problems"]), "problem")] if row["problems"] else []
    return f"{row['agent']:>5}  {updated}  {_clip(row['title'])}  ({', '.join(marks)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _text(entry: Entry) -> str:
    parts: list[str] = []
    for block in entry["content"]:
        if block["type"] == "toolCall":
            parts.append(f"[{block.get('name')}]")
        elif block["type"] in ("text", "thinking"):
            parts.append(block.get("text", ""))
        else:
            parts.append(f"[{block['type']}]")
    return _clip(" ".join(parts))


def _clip(text: str) -> str:
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _step(method: str, what: str) -> None:
    _say(f"\n{method}: {what}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n" if text.startswith("\n") else f"  {text}\n")


async def demo(folder: str | None, changes: bool) -> int:
    """Start a server, show what it can do and end it; it may write only where changes are to be shown."""
    workspace = folder or str(Path.cwd())
    async with await ForkpointClient.start(folders=[workspace], settings={"readOnly": not changes}) as client:
        return await show(client, folder, changes)


def main(arguments: Sequence[str]) -> int:
    """Run the demo; 3 when there is nothing to show."""
    parser = argparse.ArgumentParser(prog="python -m forkpoint_client.demo", description=__doc__)
    parser.add_argument("--folder", help="show this folder's sessions")
    parser.add_argument("--changes", action="store_true", help="fork a session, and change and delete the fork")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    try:
        return asyncio.run(demo(str(Path(options.folder).absolute()) if options.folder else None, options.changes))
    except ConnectionLost as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
