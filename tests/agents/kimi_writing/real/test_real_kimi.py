"""A real Kimi CLI lists, opens and continues what we make of its sessions, with the same context and title."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import attrs
import pytest

from forkpoint.model.entry import Entry
from forkpoint.operations.create import CreateSessionParams, create_session
from forkpoint.operations.fork import ForkPoint, ForkSessionParams, ForkSessionResult, fork_session
from forkpoint.operations.history import ReadHistoryParams, read_history
from forkpoint.operations.services import Services
from forkpoint.operations.sessions import GetSessionParams, get_session
from forkpoint.operations.trash import (
    DeleteSessionParams,
    RestoreSessionParams,
    delete_session,
    restore_session,
)
from forkpoint.operations.update import UpdateSessionParams, update_session
from tests.agents.kimi_writing.real.kimi import SCRIPT, TURNS, Answer, Kimi, call, native, opened, web, words, work
from tests.agents.real_tools import Program, handed

COMPACTED, CLEARED = 2, 5
"""The turns that were commands, of which the model saw nothing."""
MORE = [{"text": "one more", "answers": ["text: surely"]}]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Kimi's own code."""
    (python,) = handed("FORKPOINT_KIMI")
    with Program([python, SCRIPT], tmp_path_factory.mktemp("kimi") / "log") as program:
        yield program


@pytest.fixture(scope="module")
def worked(program: Program, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kimi, list[Answer]]:
    """A home with one session that Kimi itself worked in, and what Kimi made of it after each turn."""
    kimi = Kimi.over(program, tmp_path_factory.mktemp("worked"))
    (after,) = kimi.ask(work())
    return kimi, after


@pytest.fixture
def kimi(program: Program, home: Path) -> Kimi:
    """A Kimi without sessions."""
    return Kimi.over(program, home)


async def fork(services: Services, session_id: str, **at: Any) -> ForkSessionResult:
    params = ForkSessionParams(session_id=session_id, at=ForkPoint(**at) if at else None)
    return await fork_session.run(services, params)


async def update(services: Services, session_id: str, **changes: Any) -> None:
    await update_session.run(services, UpdateSessionParams(session_id=session_id, **changes))


async def entries_of(services: Services, session_id: str) -> list[Entry]:
    params = ReadHistoryParams(session_id=session_id, order="oldest", limit=500)
    return (await read_history.run(services, params)).entries


async def row_of(services: Services, session_id: str) -> Any:
    return (await get_session.run(services, GetSessionParams(session_id=session_id))).session


def expected(after: list[Answer], entries: list[Entry]) -> list[tuple[str, str]]:
    """What the model has to know where these are the entries: what it knew before their last turn, and what they add.

    What it knew comes from Kimi, which told it after each turn.
    """
    last = entries[-1].turn if entries else -1
    assert last is not None
    if last in (COMPACTED, CLEARED):
        done = last == CLEARED or any(entry.turn == last and entry.kind == "compaction" for entry in entries)
        return words(after[last if done else last - 1]["context"]["messages"])
    told = words(after[last - 1]["context"]["messages"]) if last > 0 else []
    open_calls: dict[str, None] = {}
    for entry in entries:
        if entry.turn != last:
            continue
        for block in entry.content:
            if block.type == "toolCall":
                told.append(("call", str(block.call_id)))
                open_calls[str(block.call_id)] = None
            elif entry.kind == "toolResult":
                open_calls.pop(str(block.call_id), None)
                told += [("result", str(block.call_id))] if told[-1] != ("result", block.call_id) else []
            elif block.type == "text":
                told.append((entry.kind, str(block.text)))
    return told + [("interrupted", name) for name in open_calls]


async def test_a_fork_at_a_turn_is_what_kimi_had_after_it(worked: tuple[Kimi, list[Answer]]) -> None:
    kimi, after = worked
    services, source = kimi.services(), f"kimi:{after[0]['id']}"
    made = [(await fork(services, source, turn=turn)).session for turn in range(len(TURNS))]
    made.append((await fork(services, source)).session)
    (states,) = kimi.ask(opened([row.session_id for row in made]))
    for turn, (row, state) in enumerate(zip(made, states, strict=True)):
        there = after[min(turn, len(TURNS) - 1)]
        assert state["context"] == there["context"], turn
        assert state["turns"] == there["turns"], turn
        assert state["records"] == there["records"], turn
        assert state["title"] == row.title == "Fork: first turn"
        assert state["state"]["title_generated"] is True


ODD = (
    {"text": "one", "answers": ["text: yes"]},
    {"text": "/compact"},  # with this little to sum up, the context is begun anew as it was
    {"text": "two", "broken off": True, "answers": [f"text: sure\n{call('c1', 'sleep 9')}"]},
    {"text": "three", "answers": ["text: yes"]},
    {"text": "/compact", "answers": ["text: A summary."]},
    {"text": "/compact", "answers": ["text: A shorter one."]},
    {"text": "three", "answers": ["text: yes"]},
)


async def test_a_fork_of_an_odd_course_is_what_kimi_had_there(kimi: Kimi) -> None:
    (after,) = kimi.ask(work(ODD))
    services, source = kimi.services(), f"kimi:{after[0]['id']}"
    made = [await fork(services, source, turn=turn) for turn in range(len(ODD))]
    (states,) = kimi.ask(opened([each.session.session_id for each in made]))
    for turn, (there, state) in enumerate(zip(after, states, strict=True)):
        assert (state["turns"], state["records"]) == (there["turns"], there["records"]), turn
        # What a turn that was broken off ends with, a checkpoint, is made again by the next one.
        without = {"checkpoints": 0}
        assert {**state["context"], **without} == {**there["context"], **without}, turn


@pytest.mark.parametrize("position", ["before", "after"])
async def test_a_fork_at_any_entry_has_the_context_of_that_place(
    worked: tuple[Kimi, list[Answer]], position: Literal["before", "after"]
) -> None:
    kimi, after = worked
    services, source = kimi.services(), f"kimi:{after[0]['id']}"
    entries = await entries_of(services, source)
    assert {entry.kind for entry in entries} == {"user", "assistant", "toolResult", "compaction"}
    made = [await fork(services, source, entry_id=entry.entry_id, position=position) for entry in entries]
    (states,) = kimi.ask(opened([each.session.session_id for each in made]))
    for number, (each, state) in enumerate(zip(made, states, strict=True)):
        kept = entries[: number + (position == "after")]
        told = words(state["context"]["messages"])
        assert told == expected(after, kept), (number, kept[-1:])
        assert [who for who, _ in told].count("interrupted") == each.closed_tool_calls
        texts = [entry.content[0].text for entry in kept if entry.agent_kind == "TurnBegin"]
        assert state["turns"] == texts
        asked = position == "before" and entries[number].kind == "user"
        assert each.prefill == (entries[number].content[0].text if asked else None)


async def test_kimi_goes_on_with_forks(worked: tuple[Kimi, list[Answer]]) -> None:
    kimi, after = worked
    services, source = kimi.services(), f"kimi:{after[0]['id']}"
    entries = await entries_of(services, source)
    open_call = next(entry for entry in entries if entry.kind == "toolResult")
    places: list[dict[str, Any]] = [
        {},
        {"turn": 1},
        {"turn": 3},
        {"entry_id": open_call.entry_id, "position": "before"},
    ]
    made = [(await fork(services, source, **place)).session for place in places]
    names = [native(row.session_id) for row in made]
    asking = [opened(names), *(work(MORE, id=name) for name in names), {"do": "list"}]
    states, *gone_on, listed = kimi.ask(*asking)
    for row, before, (now,) in zip(made, states, gone_on, strict=True):
        messages = before["context"]["messages"]
        asked, answered = {"role": "user", "content": "one more"}, {"role": "assistant", "content": "surely"}
        assert now["context"]["messages"] == [*messages, asked, answered]
        assert now["records"][: len(before["records"])] == before["records"]
        assert now["turns"] == [*before["turns"], "one more"]
        (sent,) = now["sent"]
        assert words(sent) == words([*messages, asked])  # what one side said in a row is sent as one message
        found = await entries_of(kimi.services(), row.session_id)
        assert [entry.content[0].text for entry in found[-2:]] == ["one more", "surely"]
    assert dict(listed).items() >= dict.fromkeys(names, "Fork: first turn").items()


async def test_a_new_session_is_opened_and_titled_by_kimi(kimi: Kimi) -> None:
    services = kimi.services()
    params = CreateSessionParams(work_dir=str(kimi.work_dir), agent="kimi")
    named = (await create_session.run(services, attrs.evolve(params, title="Plan the week", label="week"))).session
    plain = (await create_session.run(services, attrs.evolve(params, label="mine"))).session
    listed, named_states, plain_states = kimi.ask(
        {"do": "list"},
        work(MORE, id=native(named.session_id)),
        work([{"text": "why is it slow?", "answers": ["text: a loop"]}], id=native(plain.session_id)),
    )
    assert listed == [[native(named.session_id), "Plan the week"]]  # it lists none that is empty and has no title
    assert named_states[-1]["title"] == "Plan the week"
    assert plain_states[-1]["title"] == "why is it slow?"
    generated = {"answers": ["text: A slow loop"]}
    title, kept, rows = kimi.ask(
        web("POST", f"{native(plain.session_id)}/generate-title", **generated),
        web("POST", f"{native(named.session_id)}/generate-title", **generated),
        web("GET"),
    )
    assert (title["title"], kept["title"]) == ("A slow loop", "Plan the week")
    assert {row["session_id"]: row["title"] for row in rows} == {
        native(named.session_id): "Plan the week",
        native(plain.session_id): "A slow loop",
    }
    # Kimi wrote its files anew; what we noted beside them stays.
    services = kimi.services()
    for session, title, label in ((named, "Plan the week", "week"), (plain, "A slow loop", "mine")):
        now = await row_of(services, session.session_id)
        assert (now.title, now.title_source == "none", now.label, now.turn_count) == (title, False, label, 1)


async def test_names_and_archive_flags_are_kimis_own(kimi: Kimi) -> None:
    ((state,),) = kimi.ask(work([{"text": "hello", "answers": [f"text: hi\n{call('c1')}", "text: done"]}]))
    session_id, services = f"kimi:{state['id']}", kimi.services()
    await update(services, session_id, title="A name", archived=True, pinned=True)
    listed, archived, shown, (opened_again,) = kimi.ask(
        {"do": "list"}, web("GET", "?archived=true"), web("GET"), opened([session_id])
    )
    assert listed == [[state["id"], "A name"]]
    assert [(row["title"], row["archived"]) for row in archived] == [("A name", True)]
    assert shown == []
    assert opened_again["context"] == state["context"]
    # Approvals, todos and the like are the agent's; a change of ours leaves them alone.
    ours = {"custom_title", "title_generated", "archived", "archived_at", "auto_archive_exempt"}
    assert {name: value for name, value in opened_again["state"].items() if name not in ours} == {
        name: value for name, value in state["state"].items() if name not in ours
    }
    await update(kimi.services(), session_id, archived=False)
    shown, renamed, (changed,) = kimi.ask(
        web("GET"), web("PATCH", state["id"], json={"title": "Kimi's name"}), opened([session_id])
    )
    assert [row["title"] for row in shown] == ["A name"]
    assert changed["state"]["auto_archive_exempt"] is True
    row = await row_of(kimi.services(), session_id)
    assert (row.title, row.archived, row.pinned) == (renamed["title"], False, True)
    await update(kimi.services(), session_id, title=None)
    assert kimi.ask({"do": "list"}) == [[[state["id"], "hello"]]]


async def test_a_deleted_session_is_gone_for_kimi_until_it_is_restored(kimi: Kimi) -> None:
    (state, *_), (other, *_), last = kimi.ask(work(MORE), work(MORE), {"do": "last"})
    assert last == other["id"]
    session_id = f"kimi:{other['id']}"
    params = DeleteSessionParams(session_id=session_id, stop=True)
    deleted = await delete_session.run(kimi.services(), params)
    listed, last, rows = kimi.ask({"do": "list"}, {"do": "last"}, web("GET"))
    assert (listed, last) == ([[state["id"], "one more"]], None)
    assert [row["session_id"] for row in rows] == [state["id"]]
    await restore_session.run(kimi.services(), RestoreSessionParams(trash_id=str(deleted.trash_id)))
    listed, (again,) = kimi.ask({"do": "list"}, opened([session_id]))
    assert sorted(listed) == sorted([[state["id"], "one more"], [other["id"], "one more"]])
    assert again["context"] == other["context"]
