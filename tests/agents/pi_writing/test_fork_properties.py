"""Forks of any tree that links of parents can make."""

import json
import tempfile
import uuid
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forkpoint.agents.pi import ADAPTER
from forkpoint.agents.writing import Cut, Occasion
from forkpoint.model.failures import EntryNotFound, NotSupported, TurnOutOfRange
from tests.agents.pi_files import Record, assistant, header, record, user, write
from tests.agents.pi_writing.support import NOW, Changes
from tests.agents.reading import read_all

IDS = [f"e{number}" for number in range(8)]


def entry(kind: str, own: str, parent: str | None, target: str) -> Record:
    """An entry of one of a few kinds."""
    match kind:
        case "user":
            return user(own, parent, f"text of {own}")
        case "assistant":
            return assistant(own, parent, "answer")
        case "label":
            return record("label", own, parent, targetId=target, label=f"by {own}")
        case _:
            return record("custom", own, parent, customType="x")


@st.composite
def trees(draw: st.DrawFn, *, sound: bool) -> list[Record]:
    """Entries of several kinds; in a sound tree a parent stands before its child, and no id comes twice."""
    entries: list[Record] = []
    for number in range(draw(st.integers(1, len(IDS)))):
        own = IDS[number] if sound else draw(st.sampled_from(IDS))
        parents = IDS[:number] if sound else [*IDS, "missing"]
        parent = draw(st.none() | st.sampled_from(parents)) if parents else None
        kind = draw(st.sampled_from(["user", "assistant", "label", "custom"]))
        entries.append(entry(kind, own, parent, draw(st.sampled_from(IDS))))
    return entries


def labels(entries: list[Any]) -> dict[str, str]:
    found = {entry["targetId"]: entry["label"] for entry in entries if entry["type"] == "label"}
    present = {entry["id"] for entry in entries}
    return {target: text for target, text in found.items() if target in present}


def path_of(entries: list[Record], leaf: str) -> list[str]:
    parents = {entry["id"]: entry["parentId"] for entry in entries}
    path: list[str] = []
    at: str | None = leaf
    while at is not None:
        path.append(at)
        at = parents[at]
    return path[::-1]


@given(trees(sound=True), st.integers(0, len(IDS) - 1))
def test_a_fork_is_the_path_and_the_labels_of_what_is_on_it(entries: list[Record], number: int) -> None:
    leaf = IDS[number % len(entries)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        source = write(home / "p" / "x.jsonl", header(), *entries)
        fork = Changes(home).fork(source, Cut(after=leaf), Occasion(now=NOW, new_id=str(uuid.uuid4())))
        path = path_of(entries, leaf)
        stored = {json.loads(raw)["id"]: raw for raw in source.read_bytes().splitlines()[1:]}
        raws = fork.read_bytes().splitlines()[1:]
        assert raws[: len(path)] == [stored[name] for name in path]
        shown = [entry.entry_id for reading in read_all(ADAPTER, home).values() for entry in reading.entries]
        assert set(path) <= set(shown)
        wanted = {target: text for target, text in labels(entries).items() if target in path}
        assert labels([json.loads(raw) for raw in raws]) == wanted


@given(trees(sound=False), st.sampled_from([Cut(), Cut(turn=0), *(Cut(after=name) for name in IDS)]))
def test_a_fork_of_a_broken_tree_ends(entries: list[Record], cut: Cut) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        source = write(home / "p" / "x.jsonl", header(), *entries)
        try:
            fork = Changes(home).fork(source, cut, Occasion(now=NOW, new_id=str(uuid.uuid4())))
        except (NotSupported, EntryNotFound, TurnOutOfRange):
            return
        stored = source.read_bytes().splitlines()
        raws = fork.read_bytes().splitlines()[1:]
        assert set(raws) & set(stored)
