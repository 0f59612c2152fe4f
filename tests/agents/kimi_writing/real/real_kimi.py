"""Asks a real Kimi CLI about its sessions, on Kimi's own Python.

A line of stdin is {environment, requests}, a line of stdout {answers} or {error}. A request is {do, ...}; its answer is
a value. KIMI_SHARE_DIR of the environment says where the sessions lie.
"""

import asyncio
import contextlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import httpx
from kaos.path import KaosPath
from kimi_cli.app import KimiCLI
from kimi_cli.metadata import load_metadata, save_metadata
from kimi_cli.session import Session
from kimi_cli.session_fork import enumerate_turns
from kimi_cli.soul import RunCancelled
from kimi_cli.soul.context import Context
from kimi_cli.utils.logging import logger
from kimi_cli.web.app import create_app
from kimi_cli.web.store.sessions import invalidate_sessions_cache
from kimi_cli.wire.file import WireFileMetadata, parse_wire_file_line
from kimi_cli.wire.types import StepBegin, ToolCall
from kosong.chat_provider.echo import ScriptedEchoChatProvider

CONFIG = """
default_model = "scripted"
telemetry = false
default_yolo = true

[models.scripted]
provider = "scripted"
model = "scripted"
max_context_size = 100000

[providers.scripted]
type = "_scripted_echo"
base_url = ""
api_key = ""
"""

sent: list[Any] = []
"""What went to the model since it was emptied last, by call."""
generate = ScriptedEchoChatProvider.generate


async def recorded(self: Any, system_prompt: str, tools: Any, history: Any) -> Any:
    sent.append([plain(message) for message in history])
    return await generate(self, system_prompt, tools, history)


ScriptedEchoChatProvider.generate = recorded


def plain(message: Any) -> Any:
    return message.model_dump(mode="json", exclude_none=True)


def set_answers(answers: list[str]) -> None:
    """Say what the model answers next, call by call."""
    file = Path(os.environ["KIMI_SHARE_DIR"], "answers.json")
    file.write_text(json.dumps(answers))
    os.environ["KIMI_SCRIPTED_ECHO_SCRIPTS"] = str(file)


async def state(session: Session) -> dict[str, Any]:
    """What Kimi makes of a session's files."""
    context = Context(session.context_file)
    await context.restore()
    wire = session.wire_file.path
    lines = wire.read_text(encoding="utf-8").splitlines() if wire.exists() else []
    records = [found for found in map(parse_wire_file_line, lines) if not isinstance(found, WireFileMetadata)]
    for record in records:
        record.to_wire_message()
    return {
        "id": session.id,
        "title": session.title,
        "context": {
            "system": context.system_prompt,
            "messages": [plain(message) for message in context.history],
            "checkpoints": context.n_checkpoints,
            "tokens": context.token_count,
        },
        "turns": [turn.user_text for turn in enumerate_turns(wire)],
        "records": [[record.message.type, record.message.payload] for record in records],
        "state": json.loads((session.dir / "state.json").read_text())
        if (session.dir / "state.json").exists()
        else None,
    }


async def found(request: dict[str, Any]) -> Session:
    session = await Session.find(KaosPath(request["cwd"]), request["id"])
    assert session is not None, f"Kimi does not find {request['id']}"
    return session


async def work(request: dict[str, Any]) -> Any:
    """Run turns in a new session, or go on with one; gives the state after each turn, and what the model was sent."""
    resumed = "id" in request
    session = await found(request) if resumed else await Session.create(KaosPath(request["cwd"]))
    set_answers([answer for turn in request["turns"] for answer in turn.get("answers", [])])
    kimi = await KimiCLI.create(session, yolo=True, resumed=resumed, ui_mode="print")
    after: list[Any] = []
    for turn in request["turns"]:
        sent.clear()
        await run(kimi, turn)
        after.append({**await state(await found({**request, "id": session.id})), "sent": list(sent)})
    await kimi.shutdown_background_tasks()
    metadata = load_metadata()  # what its interfaces write when a session ends
    row = metadata.get_work_dir_meta(session.work_dir)
    row.last_session_id = session.id
    save_metadata(metadata)
    return after


async def run(kimi: KimiCLI, turn: dict[str, Any]) -> None:
    """Run one turn, in which the user may speak again, or break off the first call."""
    steer, broken_off = turn.get("steer"), asyncio.Event()
    with contextlib.suppress(RunCancelled):
        async for message in kimi.run(turn["text"], broken_off, merge_wire_messages=True):
            if steer and isinstance(message, StepBegin):
                kimi.soul.steer(steer)
                steer = None
            if turn.get("broken off") and isinstance(message, ToolCall):
                broken_off.set()


async def listed(request: dict[str, Any]) -> Any:
    """The terminal's list."""
    return [[each.id, each.title] for each in await Session.list(KaosPath(request["cwd"]))]


async def opened(request: dict[str, Any]) -> Any:
    return [await state(await found({**request, "id": name})) for name in request["ids"]]


async def last(request: dict[str, Any]) -> Any:
    """What --continue opens."""
    session = await Session.continue_(KaosPath(request["cwd"]))
    return session and session.id


async def web(request: dict[str, Any]) -> Any:
    """Ask the API of Kimi's own web server."""
    set_answers(request.get("answers", []))
    invalidate_sessions_cache()  # it lasts five seconds, and its server knows of its own changes alone
    app = create_app()
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.request(request["method"], request["path"], json=request.get("json"))
    assert answer.status_code == 200, answer.text
    return answer.json()


ACTIONS = {"work": work, "list": listed, "open": opened, "last": last, "web": web}


def enter(environment: dict[str, str]) -> None:
    """Go to a home."""
    os.environ.update(environment)
    share = Path(os.environ["KIMI_SHARE_DIR"])
    share.mkdir(exist_ok=True)
    (share / "config.toml").write_text(CONFIG)


async def answers_to(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        enter(asked["environment"])
        return {"answers": [await ACTIONS[request["do"]](request) for request in asked["requests"]]}
    except Exception:
        return {"error": traceback.format_exc()}


async def main() -> None:
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    answers = sys.stdout
    sys.stdout = sys.stderr
    while line := await asyncio.to_thread(sys.stdin.readline):
        answers.write(json.dumps(await answers_to(json.loads(line))) + "\n")
        answers.flush()


asyncio.run(main())
