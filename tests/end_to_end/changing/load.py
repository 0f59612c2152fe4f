"""One of several editors at work on one home: what it changes at random, and what was acknowledged."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import attrs

from forkpoint_client import ForkpointClient, ForkpointError
from tests.end_to_end.changing.shared_home import SharedHome

State = Literal["there", "trashed", "gone"]
AGENTS = ("kimi", "pi", "forkpoint")
CONTENDED = frozenset({"sessionChangedOnDisk", "sessionBusy", "sessionNotFound", "trashNotFound", "nameTaken"})
"""Why a change of a session that others work on may be refused: it was gone, in somebody's hands, or had moved on."""


@attrs.define
class Own:
    """A session that one editor alone works on."""

    title: str
    parent: str | None
    state: State = "there"
    trash_id: str = ""


@attrs.frozen
class Naming:
    """One acknowledged title of a session that all editors work on; times are of the monotonic clock."""

    title: str
    begun: float
    ended: float


@attrs.define
class Record:
    """What all editors of one run were told."""

    own: dict[str, Own] = attrs.Factory(dict[str, Own])
    namings: dict[str, list[Naming]] = attrs.Factory(dict[str, list[Naming]])
    """By session id, of the sessions that all work on."""
    folders: list[tuple[str, float]] = attrs.Factory(list[tuple[str, float]])
    """Each folder that a session of Kimi was made in, and when that began."""
    done: Counter[str] = attrs.Factory(Counter[str])
    refused: Counter[str] = attrs.Factory(Counter[str])


class Editor:
    """Changes sessions one after the other. Anything refused that may not be ends the run."""

    def __init__(self, client: ForkpointClient, home: SharedHome, record: Record, number: int, seed: int) -> None:
        self._client = client
        self._home = home
        self._record = record
        self._random = random.Random(seed * 1000 + number)
        self._name = f"editor {number}"
        self._numbers = itertools.count()
        self._own: list[str] = []

    async def work(self, until: float) -> None:
        """Do everything once, and go on until a moment of the monotonic clock."""
        kinds: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._create, 3),
            (self._rename_own, 3),
            (self._fork_own, 2),
            (self._fork_shared, 2),
            (self._send_away_own, 3),
            (self._bring_back_own, 2),
            (self._rename_shared, 4),
            (self._send_away_shared, 1),
            (self._bring_back_shared, 3),
        ]
        works, weights = zip(*kinds, strict=True)
        for work in works:
            await work()
        while time.monotonic() < until:
            (work,) = self._random.choices(works, weights)
            await work()

    def _title(self) -> str:
        return f"{self._name}, title {next(self._numbers)}"

    def _done(self, what: str) -> None:
        self._record.done[what] += 1

    async def enter_a_folder(self) -> None:
        """Make a session of Kimi in a folder that is new."""
        await self._create_in("kimi", self._title(), own_folder=True)

    # --- sessions of its own: nothing is refused ------------------------------------------------------------------

    async def _create(self) -> None:
        await self._create_in(self._random.choice(AGENTS), self._title(), own_folder=self._random.random() < 0.5)

    async def _create_in(self, agent: str, title: str, *, own_folder: bool) -> None:
        folder = self._home.home / "work" / title.replace(", ", "/") if own_folder else self._home.work_dir
        begun = time.monotonic()
        try:
            made = await self._client.create_session(work_dir=str(folder), create_dir=True, agent=agent, title=title)
        except ForkpointError as refusal:
            self._require_index_refusal(agent, refusal)
            return
        assert made["problems"] == []
        self._keep(made["session"]["sessionId"], Own(title, None))
        if agent == "kimi":
            self._record.folders.append((str(folder), begun))
        self._done(f"create {agent}")

    def _require_index_refusal(self, session_id: str, refusal: ForkpointError) -> None:
        """Kimi's index may be replaced again and again by somebody who looks at nobody; nothing else is a reason."""
        if not session_id.startswith("kimi") or refusal.kind != "sessionChangedOnDisk":
            raise refusal
        assert "kimi.json" in str(refusal)
        self._record.refused["kimi.json"] += 1

    def _keep(self, session_id: str, own: Own) -> None:
        assert session_id not in self._record.own, "an id was given away twice"
        self._record.own[session_id] = own
        self._own.append(session_id)

    def _pick(self, state: State) -> str | None:
        fitting = [session_id for session_id in self._own if self._record.own[session_id].state == state]
        return self._random.choice(fitting) if fitting else None

    async def _rename_own(self) -> None:
        if (session_id := self._pick("there")) is not None:
            title = self._title()
            await self._client.update_session(session_id=session_id, title=title)
            self._record.own[session_id].title = title
            self._done("rename")

    async def _fork_own(self) -> None:
        if (session_id := self._pick("there")) is not None:
            try:
                await self._fork(session_id)
            except ForkpointError as refusal:
                self._require_index_refusal(session_id, refusal)

    async def _fork(self, session_id: str) -> None:
        title = self._title()
        made = await self._client.fork_session(session_id=session_id, title=title)
        self._keep(made["session"]["sessionId"], Own(title, session_id))
        self._done("fork")

    async def _send_away_own(self) -> None:
        if (session_id := self._pick("there")) is None:
            return
        own, permanently = self._record.own[session_id], self._random.random() < 0.3
        gone = await self._client.delete_session(session_id=session_id, permanently=permanently)
        own.state, own.trash_id = ("gone", "") if permanently else ("trashed", gone.get("trashId", ""))
        self._done("delete")

    async def _bring_back_own(self) -> None:
        if (session_id := self._pick("trashed")) is not None:
            own = self._record.own[session_id]
            back = await self._client.restore_session(trash_id=own.trash_id)
            assert back["session"]["sessionId"] == session_id
            assert back["session"]["title"] == own.title
            own.state = "there"
            self._done("restore")

    # --- sessions of all ----------------------------------------------------------------------------------------------

    async def _contended(self, what: str, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            await work()
        except ForkpointError as refusal:
            if refusal.kind not in CONTENDED:
                raise
            self._record.refused[f"{what}: {refusal.kind}"] += 1
        else:
            self._done(what)

    async def _fork_shared(self) -> None:
        session_id = self._random.choice(self._home.ids)
        await self._contended("fork of all", lambda: self._fork(session_id))

    async def _rename_shared(self) -> None:
        session_id, title = self._random.choice(self._home.ids), self._title()

        async def rename() -> None:
            begun = time.monotonic()
            await self._client.update_session(session_id=session_id, title=title)
            naming = Naming(title, begun, time.monotonic())
            self._record.namings.setdefault(session_id, []).append(naming)

        await self._contended("rename of all", rename)

    async def _send_away_shared(self) -> None:
        session_id = self._random.choice(self._home.ids)
        await self._contended("delete of all", lambda: self._client.delete_session(session_id=session_id, stop=True))

    async def _bring_back_shared(self) -> None:
        trash = await self._client.list_generations()
        shared = [item for item in trash["items"] if item["sessionId"] in self._home.ids]
        if shared:
            trash_id = self._random.choice(shared).get("trashId", "")
            await self._contended("restore of all", lambda: self._client.restore_session(trash_id=trash_id))


def possible_last(namings: list[Naming]) -> set[str]:
    """Give the titles that may be the last one: those that no other naming began after."""
    return {one.title for one in namings if not any(other.begun > one.ended for other in namings)}


def tokens_in(folders: list[Path], name: str) -> Counter[str]:
    """Count the foreign lines of each token in the transcripts of one session, wherever under some folders they lie."""
    found: Counter[str] = Counter()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix == ".jsonl" and name in str(path):
                found.update(line for line in _tokens(path.read_bytes()))
    return found


def _tokens(content: bytes) -> list[str]:
    return [
        "foreign-" + line.split(b"foreign-", 1)[1].split(b"-", 1)[0].decode() + "-"
        for line in content.split(b"\n")
        if b"foreign-" in line
    ]
