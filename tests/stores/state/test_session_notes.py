"""Notes in lists: they are merged into rows, and filters, orders and pages go by them."""

from pathlib import Path

import pytest

from forkpoint.agents.kimi import ADAPTER as KIMI
from forkpoint.model.notes import NoteField
from forkpoint.model.session import SessionRow
from forkpoint.stores.session_query import SessionQuery
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.state.lineage import Descent
from forkpoint.stores.state.own_state import OwnState
from tests.agents.toys import pairs
from tests.stores.session_homes import page_of, snapshot, state_of, store_of
from tests.stores.small_kimi import SmallKimi

ALL = SessionQuery(archived=None)
ONE, TWO = "pairs:one", "pairs:two"
"""Of an agent that is only read: `one` has a title of its own, `two` has none."""


@pytest.fixture
def kimi(tmp_path: Path) -> SmallKimi:
    return SmallKimi(tmp_path)


@pytest.fixture
def state(tmp_path: Path) -> OwnState:
    return state_of(tmp_path)


@pytest.fixture
def store(tmp_path: Path, kimi: SmallKimi) -> SessionStore:
    pairs.build(tmp_path)
    return store_of(tmp_path, KIMI, pairs.PairsAdapter())


async def _rows(store: SessionStore, query: SessionQuery = ALL) -> dict[str, SessionRow]:
    return {row.session_id: row for row in (await page_of(store, query)).rows}


async def test_a_row_carries_what_is_noted(store: SessionStore, state: OwnState) -> None:
    bare = (await _rows(store))[TWO]
    assert (bare.pinned, bare.label, bare.group, bare.archived) == (False, None, None, False)
    state.notes.change(TWO, {"pinned": True, "label": "mine", "group": "g", "model": "p/m", "thinking_level": "high"})
    row = (await _rows(store))[TWO]
    assert (row.pinned, row.label, row.group, row.model, row.thinking_level) == (True, "mine", "g", "p/m", "high")
    assert row.revision != bare.revision
    assert (await store.get(TWO)).label == "mine"
    state.notes.change(TWO, {"label": "yours"})
    assert (await store.get(TWO)).revision not in (row.revision, bare.revision)


async def test_our_title_counts_as_own_until_the_agents_files_have_one(
    store: SessionStore, state: OwnState, kimi: SmallKimi
) -> None:
    """Also where its files could take one: it may be older than the form they have now."""
    kimi.add("a", "/w", at=1, text="the first turn")
    for session_id in (ONE, TWO, "kimi:a"):
        state.notes.change(session_id, {"title": " noted\n title "})
    rows = await _rows(store)
    assert {(row.title, row.title_source) for row in rows.values()} == {("noted title", "custom")}


async def test_our_archive_flag_counts_whatever_the_agent_has(
    store: SessionStore, state: OwnState, kimi: SmallKimi
) -> None:
    """Also where its files could take one: it may be older than the form they have now."""
    kimi.add("a", "/w", at=1)
    for session_id in (ONE, "kimi:a"):
        state.notes.change(session_id, {"archived": True, "archived_at": 77})
    assert set(await _rows(store, SessionQuery())) == {TWO}
    archived = await _rows(store, SessionQuery(archived=True))
    assert {name: row.archived_at for name, row in archived.items()} == {ONE: 77, "kimi:a": 77}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (SessionQuery(pinned=True), {"kimi:s1", "kimi:s2"}),
        (SessionQuery(pinned=False), {"kimi:s0", ONE, TWO}),
        (SessionQuery(label="Mine"), {"kimi:s2"}),
        (SessionQuery(label="mine"), set[str]()),
        (SessionQuery(group="g"), {"kimi:s0", "kimi:s1"}),
        (SessionQuery(group="g", pinned=True), {"kimi:s1"}),
        (SessionQuery(grouped=True, pinned=True), {"kimi:s1"}),
        (SessionQuery(grouped=False, pinned=True), {"kimi:s2"}),
        (SessionQuery(group="g", pinned=True, text="nothing like it"), set[str]()),
    ],
)
async def test_lists_are_filtered_by_notes(
    store: SessionStore, state: OwnState, kimi: SmallKimi, query: SessionQuery, found: set[str]
) -> None:
    noted: dict[str, dict[NoteField, object]] = {
        "kimi:s0": {"group": "g"},
        "kimi:s1": {"group": "g", "pinned": True},
        "kimi:s2": {"pinned": True, "label": "Mine"},
    }
    for number, (session_id, changes) in enumerate(noted.items()):
        kimi.add(f"s{number}", "/w", at=number)
        state.notes.change(session_id, changes)
    assert set(await _rows(store, query)) == found


async def test_pages_of_pinned_sessions_hold_each_once_and_count_them(
    store: SessionStore, state: OwnState, kimi: SmallKimi
) -> None:
    for number in range(60):
        kimi.add(f"s{number}", "/w", at=number)
        if number % 6 == 0:
            state.notes.change(f"kimi:s{number}", {"pinned": True})
    query = SessionQuery(archived=None, pinned=True)
    first = await page_of(store, query, 7)
    second = await page_of(store, query, 7, first.next_cursor)
    assert [row.native_id for row in [*first.rows, *second.rows]] == [f"s{number}" for number in range(54, -1, -6)]
    assert (first.total, second.next_cursor) == (10, None)


async def test_noted_forks_are_parents_and_children(store: SessionStore, state: OwnState, kimi: SmallKimi) -> None:
    kimi.add("parent", "/w", at=2)
    kimi.add("fork", "/w", at=1)
    state.lineage.record(Descent(child="kimi:fork", parent="kimi:parent", turn=0, at=5))
    state.lineage.record(Descent(child=TWO, parent="kimi:gone", at=5))
    rows = await _rows(store)
    assert rows["kimi:fork"].parent_session_id == "kimi:parent"
    assert rows["kimi:parent"].child_session_ids == ["kimi:fork"]
    assert rows[TWO].parent_session_id is None
    assert set(await _rows(store, SessionQuery(parent_session_id="kimi:parent"))) == {"kimi:fork"}


def _damage(state: OwnState) -> None:
    Path(state.folder).mkdir()
    (Path(state.folder) / "state.db").write_bytes(b"no database\n" * 500)


async def test_lists_make_no_state_and_say_when_it_cannot_be_read(
    store: SessionStore, state: OwnState, tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    page = await page_of(store, SessionQuery(pinned=True))
    assert (page.rows, page.problems) == ([], [])
    assert snapshot(tmp_path) == before
    _damage(state)
    page = await page_of(store, ALL)
    assert {row.session_id for row in page.rows} == {ONE, TWO}
    assert [problem.kind for problem in page.problems] == ["stateUnreadable"]


async def test_a_list_reads_the_database_once(
    store: SessionStore, state: OwnState, kimi: SmallKimi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(80):
        kimi.add(f"s{number}", "/w", at=number)
    read = OwnState.own_notes
    reads: list[OwnState] = []

    def counted(self: OwnState) -> object:
        reads.append(self)
        return read(self)

    monkeypatch.setattr(OwnState, "own_notes", counted)
    state.notes.change("kimi:s79", {"pinned": True})
    assert len((await page_of(store, ALL, 70)).rows) == 70
    assert len(reads) == 1
