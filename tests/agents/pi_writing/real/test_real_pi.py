"""A real pi lists, opens and continues what the operations make, with the right leaf, names, labels and context."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.agents.pi_writing.real.pi import NEW, Answer, Ours, Pi


@attrs.frozen
class Source:
    """A session that pi itself wrote."""

    path: Path
    ids: Mapping[str, str]
    session_id: str


@pytest.fixture
def source(pi: Pi) -> Source:
    """Turns with tool calls, labels on and off the path, a compaction that keeps from a label, branches and names."""
    (made,) = pi.ask({"do": "make", "cwd": str(pi.work_dir)})
    path = Path(made["path"])
    header = json.loads(path.read_bytes().splitlines()[0])
    return Source(path, made["ids"], f"pi:{header['id']}")


def context_of(state: Answer, without: int = 0) -> Answer:
    """The context for the model, without so many of its last messages."""
    messages: list[Any] = state["context"]["messages"]
    return {**state["context"], "messages": messages[: len(messages) - without]}


async def agrees(ours: Ours, session_id: str, state: Answer) -> bool:
    """Whether we read what pi shows: the way to the leaf and the messages on it, names, labels, level and model."""
    row = await ours.row_of(Path(state["file"]))
    assert row.session_id == session_id
    assert row.title == state["name"] or (row.title_source != "custom" and state["name"] is None)
    assert (row.thinking_level or "off") == state["context"]["thinkingLevel"]
    model = state["context"]["model"]
    assert row.model == (model and f"{model['provider']}/{model['modelId']}")
    entries = await ours.entries(session_id)
    shown = [entry.entry_id for entry in entries]
    assert [entry_id for entry_id in state["path"] if entry_id in shown] == shown
    assert [entry_id for entry_id in shown if entry_id in state["messages"]] == state["messages"]
    labels: dict[str, Any] = {}
    for entry in entries:
        if entry.kind == "label":
            rest: Any = entry.content[-1].raw
            labels[rest["targetId"]] = entry.content[0].text
    return {target: label for target, label in labels.items() if label} == state["labelsOnPath"]


async def test_a_new_session_is_listed_opened_and_continued(pi: Pi) -> None:
    ours = Ours(pi.home)
    row = await ours.create(pi.work_dir, agent="pi", title="Fresh", model="p/m", label="mine")
    row = await ours.update(row.session_id, thinking_level="low")
    path = row.path
    listed, of_folder, recent, state = pi.ask(
        {"do": "list"},
        {"do": "listOf", "cwd": str(pi.work_dir)},
        {"do": "recent", "cwd": str(pi.work_dir)},
        {"do": "open", "path": path},
    )
    assert listed == of_folder
    assert [(each["path"], each["cwd"], each["name"]) for each in listed] == [(path, str(pi.work_dir), "Fresh")]
    assert recent == state
    assert (state["name"], state["context"]["messages"]) == ("Fresh", [])
    assert state["context"]["thinkingLevel"] == "low"
    assert state["context"]["model"] == {"provider": "p", "modelId": "m"}
    assert await agrees(ours, row.session_id, state)
    (after,) = pi.ask({"do": "continue", "path": path})
    assert after["path"] == [*state["path"], *after["added"]]
    assert [message["role"] for message in after["context"]["messages"]] == ["user", "assistant"]
    # As pi leaves it, it is read and renamed here again, and what was noted beside it is kept.
    ours = Ours(pi.home)
    assert [entry.entry_id for entry in (await ours.entries(row.session_id))[-2:]] == after["added"]
    renamed = await ours.update(row.session_id, title="Continued")
    assert (renamed.label, renamed.turn_count) == ("mine", 1)
    assert pi.open(Path(path))["name"] == "Continued"


async def test_our_own_sessions_are_pis_where_it_is_told_their_folder(pi: Pi) -> None:
    ours = Ours(pi.home)
    row = await ours.create(pi.work_dir, title="Own")
    assert row.agent == "forkpoint"
    where = {"cwd": str(pi.work_dir), "dir": str(Path(row.path).parent)}
    listed, recent, after = pi.ask(
        {"do": "listOf", **where}, {"do": "recent", **where}, {"do": "continue", "path": row.path}
    )
    assert [(each["path"], each["name"]) for each in listed] == [(row.path, "Own")]
    assert recent["id"] == row.native_id
    ours = Ours(pi.home)
    forks = [
        await ours.fork(row.session_id),
        await ours.fork(row.session_id, {"turn": 0}),
        await ours.fork(row.session_id, {"entry_id": after["added"][0]}, title="Cut short"),
    ]
    await ours.update(forks[1].session.session_id, title="Renamed", label="own")
    states = pi.ask(*({"do": "open", "path": fork.session.path, "dir": where["dir"]} for fork in forks))
    assert [state["name"] for state in states] == ["Own", "Renamed", "Cut short"]
    assert [state["context"]["messages"] for state in states[:2]] == [after["context"]["messages"]] * 2
    assert [message["role"] for message in states[2]["context"]["messages"]] == ["user"]
    for fork, state in zip(forks, states, strict=True):
        assert (state["cwd"], state["parent"]) == (str(pi.work_dir), row.path)
        assert await agrees(ours, fork.session.session_id, state)
    assert len(pi.ask({"do": "listOf", **where})[0]) == 4


async def test_a_change_leaves_context_and_labels_as_they_are(pi: Pi, source: Source) -> None:
    ours = Ours(pi.home)
    before = pi.open(source.path)
    assert await agrees(ours, source.session_id, before)
    raw = source.path.read_bytes()
    changes: dict[str, Any] = {"title": "Renamed", "thinking_level": "high", "model": "q/r"}
    await ours.update(source.session_id, **changes, label="ours", archived=True)
    added = source.path.read_bytes().removeprefix(raw).splitlines()
    after, (row,) = pi.ask({"do": "open", "path": str(source.path)}, {"do": "list"})
    assert after["path"] == [*before["path"], *(json.loads(line)["id"] for line in added)]
    assert after["context"]["messages"] == before["context"]["messages"]
    assert (after["context"]["thinkingLevel"], after["context"]["model"]) == ("high", {"provider": "q", "modelId": "r"})
    assert after["labels"] == before["labels"]
    assert (after["name"], row["name"]) == ("Renamed", "Renamed")
    assert await agrees(ours, source.session_id, after)
    await ours.update(source.session_id, title=None)
    assert pi.open(source.path)["name"] is None


async def test_a_whole_fork_is_the_session_once_more(pi: Pi, source: Source) -> None:
    ours = Ours(pi.home)
    before = pi.open(source.path)
    made = await ours.fork(source.session_id)
    after = pi.open(Path(made.session.path))
    # The call that was open has a result, which follows the leaf.
    assert (after["path"][:-1], made.closed_tool_calls) == (before["path"], 1)
    assert context_of(after, 1) == context_of(before)
    assert after["context"]["messages"][-1]["toolCallId"] == "c3"
    assert (after["name"], after["labels"]) == ("A later name", before["labels"])
    assert (after["parent"], after["cwd"]) == (str(source.path), str(pi.work_dir))
    assert f"pi:{after['id']}" == made.session.session_id != source.session_id
    assert made.session.parent_session_id == source.session_id
    assert await agrees(ours, made.session.session_id, after)


CUTS = ("user0", "calls0", "result1", "result2", "answer0", "labelStart", "name0", "user1", "answer1", "labelGone")
LATER_CUTS = ("compaction", "note", "state", "user2", "answer2", "other2", "summary", "user3", "calls3", "labelLate")


@pytest.mark.parametrize("cuts", [CUTS, LATER_CUTS], ids=["before-compaction", "after-compaction"])
async def test_a_fork_has_the_context_that_its_source_has_there(pi: Pi, source: Source, cuts: Sequence[str]) -> None:
    ours = Ours(pi.home)
    whole = pi.open(source.path)
    made = {name: await ours.fork(source.session_id, {"entry_id": source.ids[name]}) for name in cuts}
    there = pi.ask(*({"do": "at", "path": str(source.path), "leaf": source.ids[name]} for name in cuts))
    after = pi.ask(*({"do": "open", "path": fork.session.path} for fork in made.values()))
    for (name, fork), wanted, state in zip(made.items(), there, after, strict=True):
        kept = wanted["path"]
        assert state["path"][: len(kept)] == kept, name
        assert context_of(state, fork.closed_tool_calls) == context_of(wanted), name
        assert state["labels"] == {target: text for target, text in whole["labels"].items() if target in kept}, name
        assert state["context"]["messages"], name
        assert await agrees(ours, fork.session.session_id, state), name


async def test_forks_at_turns_go_on(pi: Pi, source: Source) -> None:
    ours = Ours(pi.home)
    turns = [
        entry for entry in await ours.entries(source.session_id) if entry.kind == "user" and entry.turn is not None
    ]
    assert [entry.entry_id for entry in turns] == [source.ids[f"user{number}"] for number in range(4)]
    made = [await ours.fork(source.session_id, {"turn": turn}, title=f"Fork {turn}") for turn in range(4)]
    before = pi.ask(*({"do": "open", "path": fork.session.path} for fork in made))
    after = pi.ask(*({"do": "continue", "path": fork.session.path} for fork in made))
    for turn, (fork, was, state) in enumerate(zip(made, before, after, strict=True)):
        assert state["path"] == [*was["path"], *state["added"]]
        assert context_of(state, 2)["messages"] == was["context"]["messages"]
        assert state["name"] == f"Fork {turn}"
        assert (await ours.row_of(Path(fork.session.path))).turn_count == turn + 2
    rows = {row["name"]: row for row in pi.ask({"do": "list"})[0]}
    assert len(rows) == 5
    assert all(row["parent"] == str(source.path) for name, row in rows.items() if name.startswith("Fork"))


async def test_before_an_entry_is_after_its_parent(pi: Pi, source: Source) -> None:
    made = await Ours(pi.home).fork(source.session_id, {"entry_id": source.ids["user1"], "position": "before"})
    assert made.prefill == "second turn"
    there, after = pi.ask(
        {"do": "at", "path": str(source.path), "leaf": source.ids["name0"]}, {"do": "open", "path": made.session.path}
    )
    assert context_of(after) == context_of(there)
    assert after["name"] == "A first name"


async def test_pis_own_fork_has_the_same_context_and_labels(pi: Pi, source: Source, version: str) -> None:
    names = ["result2", "answer0"]  # after a label on the path, the old version loses what came before
    if version == NEW:
        names += ["answer1", "answer2", "user3"]
    for name in names:
        entry = source.ids[name]
        made = await Ours(pi.home).fork(source.session_id, {"entry_id": entry})
        theirs, ours = pi.ask(
            {"do": "extract", "path": str(source.path), "leaf": entry}, {"do": "open", "path": made.session.path}
        )
        assert ours["context"] == theirs["context"], name
        assert ours["labels"] == theirs["labels"], name


async def test_where_the_header_names_the_leaf_pi_stands_there_in_a_fork(pi: Pi, source: Source) -> None:
    header, *rest = source.path.read_bytes().splitlines(keepends=True)
    held = {**json.loads(header), "id": "held", "leafId": source.ids["answer1"]}
    path = source.path.with_name("held.jsonl")
    path.write_bytes(json.dumps(held).encode() + b"\n" + b"".join(rest))
    made = await Ours(pi.home).fork("pi:held")
    there, after = pi.ask(
        {"do": "at", "path": str(source.path), "leaf": source.ids["answer1"]},
        {"do": "open", "path": made.session.path},
    )
    assert context_of(after) == context_of(there)
    assert after["path"][:-1] == there["path"]
