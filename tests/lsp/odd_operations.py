"""Operations no real catalogue has: slow, stubborn, failing, huge."""

import asyncio
import os
import sys
import time
from typing import Any

import attrs

from forkpoint.model.failures import PathRefused
from forkpoint.operations.catalogue import Listing
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.stores.workers import CancelFlag, Workers

MODULE = "tests.lsp.odd_operations"

ODD_CATALOGUE = (
    Listing("odd/echo", MODULE, "read", "Echo"),
    Listing("odd/typed", MODULE, "read", "Take Typed Params"),
    Listing("odd/sleep", MODULE, "read", "Sleep"),
    Listing("odd/block", MODULE, "read", "Block a Worker"),
    Listing("odd/stubborn", MODULE, "read", "Ignore Cancels"),
    Listing("odd/fail", MODULE, "read", "Fail"),
    Listing("odd/refuse", MODULE, "read", "Refuse Params"),
    Listing("odd/bug", MODULE, "read", "Be Wrong"),
    Listing("odd/unencodable", MODULE, "read", "Answer Nonsense"),
    Listing("odd/page", MODULE, "read", "Answer Much"),
    Listing("odd/work", MODULE, "read", "Report Progress"),
    Listing("odd/stream", MODULE, "read", "Stream"),
    Listing("history/replay", MODULE, "read", "Stream Chunks"),
    Listing("odd/print", MODULE, "read", "Print"),
    Listing("odd/state", MODULE, "read", "Show State"),
    Listing("odd/write", MODULE, "write", "Write"),
    Listing("odd/admin", MODULE, "admin", "Administrate"),
)

workers = Workers()
stubborn_ends: list[float] = []


@attrs.frozen(kw_only=True)
class Anything:
    """Any params under one name."""

    value: Any = None


@attrs.frozen(kw_only=True)
class Typed:
    """A field of each type."""

    name: str
    flag: bool = False
    count: int = 1
    ratio: float = 1.0
    names: list[str] | None = None
    inner: "Anything | None" = None
    inners: list[Anything] | None = None


@attrs.frozen(kw_only=True)
class Duration:
    """How long, in milliseconds, and in how many steps or portions."""

    ms: int = 0
    steps: int = 1
    size: int = 10


@attrs.frozen(kw_only=True)
class Entries:
    """A list that may go out in portions."""

    entries: list[Any]


@operation("odd/echo")
async def echo(services: Services, params: Anything) -> Anything:
    """Give back what came."""
    return params


@operation("odd/typed")
async def typed(services: Services, params: Typed) -> Typed:
    """Give back what came."""
    return params


@operation("odd/sleep")
async def sleep(services: Services, params: Duration) -> Anything:
    """Wait without using anything."""
    await asyncio.sleep(params.ms / 1000)
    return Anything(value="slept")


@operation("odd/block")
async def block(services: Services, params: Duration) -> Anything:
    """Hold a worker thread, looking for a cancel all the while."""

    def work(flag: CancelFlag) -> str:
        end = time.monotonic() + params.ms / 1000
        while time.monotonic() < end:
            flag.check()
            time.sleep(0.005)
        return "worked"

    return Anything(value=await workers.heavy(work))


@operation("odd/stubborn")
async def stubborn(services: Services, params: Duration) -> Anything:
    """Go on for a while after a cancel."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(params.ms / 1000)
        stubborn_ends.append(time.monotonic())
        raise
    return Anything()


@operation("odd/fail")
async def fail(services: Services, params: Anything) -> Anything:
    """Fail as a guard would."""
    raise PathRefused(path=str(params.value), reason="secretName")


@operation("odd/refuse")
async def refuse(services: Services, params: Anything) -> Anything:
    """Find the params senseless."""
    raise InvalidParams([("/value", "must make sense"), ("/value/deep", "must too")])


@operation("odd/bug")
async def bug(services: Services, params: Anything) -> Anything:
    """Run into a mistake."""
    raise RuntimeError("a mistake with a secret: hunter2")


@operation("odd/unencodable")
async def unencodable(services: Services, params: Anything) -> Anything:
    """Answer what JSON cannot carry."""
    if params.value == "deep":
        return Anything(value=deep_list(100_000))
    return Anything(value=object())


@operation("odd/page")
async def page(services: Services, params: Duration) -> Anything:
    """Answer a text of `size` bytes."""
    return Anything(value="x" * params.size)


@operation("odd/work")
async def work(services: Services, params: Duration) -> Anything:
    """Report each of some steps."""
    for step in range(params.steps):
        await services.call.progress("Working", step, params.steps)
        await asyncio.sleep(params.ms / 1000)
    return Anything(value="done")


async def _stream(services: Services, params: Duration) -> Entries:
    kept: list[Any] = []
    for step in range(params.steps):
        portion = [Anything(value=step), "x" * params.size]
        if services.call.streams:
            await services.call.partial({"entries": portion})
        else:
            kept += [{"value": step}, portion[1]]
    return Entries(entries=kept)


@operation("odd/stream")
async def stream(services: Services, params: Duration) -> Entries:
    """Answer in portions where the client takes them."""
    return await _stream(services, params)


@operation("history/replay")
async def replay(services: Services, params: Duration) -> Entries:
    """Answer in portions, under the one method that may use notifications for them."""
    return await _stream(services, params)


@operation("odd/print")
async def print_something(services: Services, params: Anything) -> Anything:
    """Do what no code of a language server may: write to stdout."""
    os.write(1, b"stray bytes\n")
    sys.stdout.write("stray text\n")
    sys.stdout.flush()
    return Anything(value="printed")


@operation("odd/state")
async def state(services: Services, params: Anything) -> Anything:
    """Show the settings and folders this call was given."""
    settings = services.settings
    return Anything(
        value={
            "workspace": list(services.workspace),
            "readOnly": settings.read_only,
            "trusted": settings.trusted,
            "scopes": sorted(settings.scopes),
            "guard": settings.effective_guard,
            "gitTimeoutMs": settings.git_timeout_ms,
            "autoArchiveDays": settings.auto_archive_days,
            "trashDays": settings.trash_days,
            "homes": {agent: list(folders) for agent, folders in settings.homes.items()},
        }
    )


@operation("odd/write")
async def write(services: Services, params: Anything) -> Anything:
    """Stand for a call that changes something."""
    return Anything(value="wrote")


@operation("odd/admin")
async def administrate(services: Services, params: Anything) -> Anything:
    """Stand for a call that needs the scope admin."""
    return Anything(value="administrated")


def deep_list(depth: int) -> list[Any]:
    """Give lists in lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
