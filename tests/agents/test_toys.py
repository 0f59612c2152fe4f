"""The seam holds formats that keep a session in two files, in a chain of spans, and in a database."""

from pathlib import Path
from types import ModuleType

import pytest

from forkpoint.stores.session_query import SessionQuery
from tests.agents.toys import chain, pairs, rows
from tests.stores.session_homes import page_of, store_of, texts_of


@pytest.mark.parametrize("toy", [pairs, chain, rows], ids=["two-files", "chain-of-spans", "sqlite-rows"])
async def test_a_toy_format_reads_as_it_was_written(toy: ModuleType, tmp_path: Path) -> None:
    expected: dict[str, list[str]] = toy.build(tmp_path)
    store = store_of(tmp_path, toy.ADAPTER)
    page = await page_of(store, SessionQuery(archived=None))
    assert {row.session_id for row in page.rows} == set(expected)
    for session_id, texts in expected.items():
        assert await texts_of(store, session_id) == texts


async def test_an_edit_in_the_second_file_reaches_entries_of_the_first(tmp_path: Path) -> None:
    pairs.build(tmp_path)
    store = store_of(tmp_path, pairs.ADAPTER)
    page = await store.page("pairs:one", before=None, after="a", limit=1, oldest=False, raw=False)
    assert [entry.content[0].text for entry in page.entries] == ["right"]
    assert page.has_more_after


async def test_an_open_call_at_the_end_is_interrupted(tmp_path: Path) -> None:
    rows.build(tmp_path)
    chain.build(tmp_path)
    store = store_of(tmp_path, rows.ADAPTER, chain.ADAPTER)
    done = await store.page("rows:s2", before=None, after=None, limit=9, oldest=False, raw=False)
    open_call = await store.page("chain:trunk", before=None, after=None, limit=9, oldest=False, raw=False)
    assert [block.state for entry in done.entries for block in entry.content] == [None, "done"]
    assert open_call.entries[-1].content[0].state == "interrupted"


async def test_forks_of_a_chain_know_their_parent(tmp_path: Path) -> None:
    chain.build(tmp_path)
    page = await page_of(store_of(tmp_path, chain.ADAPTER), SessionQuery(archived=None))
    parents = {row.session_id: row.parent_session_id for row in page.rows}
    assert parents == {"chain:trunk": None, "chain:branch": "chain:trunk", "chain:leaf": "chain:branch"}


async def test_reading_a_database_makes_no_file_beside_it(tmp_path: Path) -> None:
    rows.build(tmp_path)
    store = store_of(tmp_path, rows.ADAPTER)
    await texts_of(store, "rows:s1")
    assert [path.name for path in (tmp_path / ".rows").iterdir()] == ["agent.db"]
