"""What every adapter owes the stores, over every sample: the same history whichever way it is read."""

from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest

from forkpoint.agents.adapter import Line, Place
from forkpoint.model.entry import Entry
from forkpoint.model.session import SessionRow
from forkpoint.stores import history_reader, session_store
from forkpoint.stores.history_reader import HistoryPage
from forkpoint.stores.session_query import SessionQuery
from forkpoint.stores.session_store import SessionStore
from forkpoint.stores.transcript import Transcript
from forkpoint.stores.workers import CancelFlag
from tests.agents.contract_samples import SAMPLES, ContractSample
from tests.stores.session_homes import entries_of, page_of, snapshot, store_of

pytestmark = pytest.mark.parametrize("sample", SAMPLES, ids=str)


@pytest.fixture
async def store(sample: ContractSample, tmp_path: Path) -> AsyncIterator[SessionStore]:
    """A store over the sample's home; after the test, nothing in that home may have changed."""
    sample.build(tmp_path)
    before = snapshot(tmp_path)
    yield store_of(tmp_path, sample.adapter)
    assert snapshot(tmp_path) == before


async def _rows(store: SessionStore) -> list[SessionRow]:
    rows = (await page_of(store, SessionQuery(archived=None))).rows
    assert rows
    return rows


def _shown(entries: list[Entry]) -> list[object]:
    return [attrs.asdict(entry) for entry in entries]


async def test_every_session_is_a_row_with_its_own_id(store: SessionStore) -> None:
    rows = await _rows(store)
    assert len({row.session_id for row in rows}) == len(rows)
    for row in rows:
        assert row.title.strip()
        assert len(row.title) <= 200
        assert row.session_id.startswith(row.agent + ":")
        assert (await store.get(row.session_id)).title == row.title


@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_pages_backwards_and_forwards_give_the_replay(store: SessionStore, limit: int) -> None:
    for row in (await _rows(store))[:12]:
        whole = await entries_of(store, row.session_id)
        assert _shown(await _backwards(store, row.session_id, limit)) == _shown(whole)
        assert _shown(await _forwards(store, row.session_id, limit)) == _shown(whole)


async def _backwards(store: SessionStore, session_id: str, limit: int) -> list[Entry]:
    found: list[Entry] = []
    page = await store.page(session_id, before=None, after=None, limit=limit, oldest=False, raw=False)
    assert not page.has_more_after
    found[:0] = page.entries
    while page.has_more_before:
        before = page.entries[0].entry_id
        page = await store.page(session_id, before=before, after=None, limit=limit, oldest=False, raw=False)
        assert 0 < len(page.entries) <= limit
        found[:0] = page.entries
    return found


async def _forwards(store: SessionStore, session_id: str, limit: int) -> list[Entry]:
    page = await store.page(session_id, before=None, after=None, limit=limit, oldest=True, raw=False)
    assert not page.has_more_before
    found = list(page.entries)
    while page.has_more_after:
        after = page.entries[-1].entry_id
        page = await store.page(session_id, before=None, after=after, limit=limit, oldest=False, raw=False)
        assert 0 < len(page.entries) <= limit
        found += page.entries
    return found


async def test_the_last_page_of_a_large_file_is_the_same_without_turns(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in await _rows(store):
        usual = await store.page(row.session_id, before=None, after=None, limit=7, oldest=False, raw=False)
        with monkeypatch.context() as patched:
            patched.setattr(session_store, "WHOLE_READ_LIMIT", -1)
            patched.setattr(Transcript, "has_index", lambda *_: False)
            tail = await store.page(row.session_id, before=None, after=None, limit=7, oldest=False, raw=False)
        assert _without_turns(tail) == _without_turns(usual)


def _without_turns(page: HistoryPage) -> tuple[list[object], bool]:
    entries = [attrs.evolve(entry, turn=None) for entry in page.entries]
    for entry in entries:
        for problem in entry.problems or ():
            # Lines are not counted when reading begins at the end.
            object.__setattr__(problem, "line", None)
    return _shown(entries), page.has_more_before


async def test_turns_are_the_user_entries_that_begin_them(store: SessionStore) -> None:
    for row in await _rows(store):
        turns, total = await store.turns(row.session_id, -1, 5000)
        assert [turn.turn for turn in turns] == list(range(total))
        assert row.turn_count == total
        entries = {entry.entry_id: entry for entry in await entries_of(store, row.session_id)}
        for turn in turns:
            assert entries[turn.entry_id].turn == turn.turn
            assert entries[turn.entry_id].kind == "user"
            assert len(turn.text) <= history_reader.TURN_TEXT_LIMIT


async def test_a_saved_fold_goes_on_where_it_stopped(store: SessionStore, sample: ContractSample) -> None:
    seen = 0
    for row in (await _rows(store))[:8]:
        located, _ = await store.locate(row.session_id)
        flag = CancelFlag()
        arrangement = store.rows.arrange(located, flag)
        transcript = Transcript(located.adapter, located.home.path, arrangement)
        with transcript.opened() as opened:
            index = transcript.index(opened, flag, thorough=False)
            reader = history_reader.HistoryReader(transcript.reader, index, opened.sources)
            lines = [reader.read_line(ordinal) for ordinal in index.current.path[:60]]
        at_once = _shown(_folded(transcript, lines, breaks=False))
        assert _shown(_folded(transcript, lines, breaks=True)) == at_once
        seen += len(at_once)
    assert seen


def _folded(transcript: Transcript, lines: list[tuple[Place, Line, bytes]], *, breaks: bool) -> list[Entry]:
    """Fold lines as one block; with `breaks` the state is saved and taken up again after every line."""
    entries: dict[str, Entry] = {}
    fold = transcript.reader.fold()
    for place, line, data in lines:
        for change in fold.feed(place, line, data):
            if change.action == "hide":
                entries.pop(change.entry.entry_id, None)
            else:
                entries[change.entry.entry_id] = change.entry
        if breaks:
            fold = transcript.reader.fold(fold.save())
    for change in fold.finish():
        entries[change.entry.entry_id] = change.entry
    return list(entries.values())


async def test_raw_lines_come_along_when_asked(store: SessionStore) -> None:
    for row in (await _rows(store))[:5]:
        for entry in await entries_of(store, row.session_id, raw=True):
            assert isinstance(entry.raw, list)
            assert entry.raw
