"""Lists: filters that combine, order, pages that stay right while rows move, and sessions that are broken."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import attrs
import pytest

from forkpoint.agents.kimi import ADAPTER as KIMI
from forkpoint.model.failures import CursorExpired, SessionNotFound
from forkpoint.parsing.page_cursor import Position, question_mark, write_cursor
from forkpoint.stores.session_query import SessionQuery
from forkpoint.stores.session_store import SessionStore
from tests.agents.toys import rows as toy_rows
from tests.stores.git_sandbox import linked_worktrees
from tests.stores.session_homes import page_of, snapshot, store_of
from tests.stores.small_kimi import SmallKimi, touch

ALL = SessionQuery(archived=None)


@pytest.fixture
def kimi(tmp_path: Path) -> SmallKimi:
    return SmallKimi(tmp_path / "home")


@pytest.fixture
def store(tmp_path: Path, kimi: SmallKimi) -> SessionStore:
    return store_of(tmp_path / "home", KIMI)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


async def _ids(store: SessionStore, query: SessionQuery) -> list[str]:
    return [row.native_id for row in (await page_of(store, query)).rows]


async def test_newest_first_and_ties_by_id(store: SessionStore, kimi: SmallKimi) -> None:
    for name, at in (("a", 10), ("b", 30), ("c", 20), ("d", 20)):
        kimi.add(name, "/w", at=at)
    assert await _ids(store, ALL) == ["b", "d", "c", "a"]


async def test_folders_take_what_lies_below_and_resolve_links(
    store: SessionStore, kimi: SmallKimi, tmp_path: Path
) -> None:
    shop = _folder(tmp_path / "shop")
    below = _folder(shop / "api")
    _folder(tmp_path / "shop-two")
    (tmp_path / "link").symlink_to(shop)
    kimi.add("in", shop, at=4)
    kimi.add("below", below, at=3)
    kimi.add("through-link", tmp_path / "link", at=2)
    kimi.add("sibling", tmp_path / "shop-two", at=1)
    for folder in (shop, tmp_path / "link"):
        assert await _ids(store, SessionQuery(folders=[str(folder)])) == ["in", "below", "through-link"]
    assert await _ids(store, SessionQuery(folders=[str(below)])) == ["below"]
    assert await _ids(store, SessionQuery(folders=[])) == []


async def test_worktrees_of_a_folder_count_as_that_folder(store: SessionStore, kimi: SmallKimi, tmp_path: Path) -> None:
    main, other = linked_worktrees(tmp_path)
    _folder(main / "sub")
    _folder(other / "sub")
    kimi.add("main", main, at=3)
    kimi.add("other", other, at=2)
    kimi.add("other-sub", other / "sub", at=1)
    assert await _ids(store, SessionQuery(folders=[str(main)])) == ["main"]
    assert await _ids(store, SessionQuery(folders=[str(main)], worktrees=True)) == ["main", "other", "other-sub"]
    assert await _ids(store, SessionQuery(folders=[str(main / "sub")], worktrees=True)) == ["other-sub"]
    rows = (await page_of(store, ALL)).rows
    assert {row.repository for row in rows} == {str(main / ".git")}


async def test_excluded_folders_leave_out_what_works_there(
    store: SessionStore, kimi: SmallKimi, tmp_path: Path
) -> None:
    main, other = linked_worktrees(tmp_path)
    (tmp_path / "link").symlink_to(_folder(main / "sub"))
    kimi.add("main", main, at=5)
    kimi.add("linked", tmp_path / "link", at=4)
    kimi.add("other", other, at=3)
    kimi.add("namesake", f"{main}-copy", at=2)
    kimi.add("elsewhere", "/w", at=1)
    exclude = [str(main / "sub")]
    assert await _ids(store, SessionQuery(folders=[str(main)], exclude_folders=exclude)) == ["main"]
    assert await _ids(store, SessionQuery(exclude_folders=[str(main)])) == ["other", "namesake", "elsewhere"]
    assert await _ids(store, SessionQuery(exclude_folders=[str(other)], worktrees=True)) == ["namesake", "elsewhere"]
    assert len(await _ids(store, SessionQuery(exclude_folders=[]))) == 5


async def test_filters_combine(store: SessionStore, kimi: SmallKimi, tmp_path: Path) -> None:
    kimi.add("live", "/w", at=30, text="Fix the PARSER")
    kimi.add("put-away", "/w", at=20, text="fix the parser too", archived=True)
    kimi.add("other", "/parser/src", at=10, text="something else")
    assert await _ids(store, SessionQuery()) == ["live", "other"]
    assert await _ids(store, SessionQuery(archived=True)) == ["put-away"]
    assert await _ids(store, SessionQuery(archived=None, text=" parser ")) == ["live", "put-away", "other"]
    assert await _ids(store, SessionQuery(text="parser", folders=["/w"])) == ["live"]
    assert await _ids(store, SessionQuery(agents=["pi"])) == []
    assert await _ids(store, SessionQuery(agents=["kimi"], profiles=["work"])) == []
    assert await _ids(store, SessionQuery(text="nowhere")) == []


async def test_total_is_told_only_when_the_walk_knows_it(store: SessionStore, kimi: SmallKimi) -> None:
    for number in range(3):
        kimi.add(f"s{number}", "/w", at=number)
    assert (await page_of(store, ALL, limit=2)).total == 3
    assert (await page_of(store, SessionQuery(), limit=2)).total is None


@pytest.mark.parametrize("sort", ["updated", "created", "title"])
async def test_pages_hold_every_row_once(store: SessionStore, kimi: SmallKimi, sort: str) -> None:
    for number in range(23):
        kimi.add(f"s{number:02}", "/w", at=100 + number // 3, text=f"title {number % 5}")
    query = attrs.evolve(ALL, sort=sort)
    whole = await _ids(store, query)
    assert sorted(whole) == [f"s{number:02}" for number in range(23)]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await page_of(store, query, 4, cursor)
        found += [row.native_id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == whole


async def test_a_page_stays_right_while_rows_move(store: SessionStore, kimi: SmallKimi) -> None:
    folders = {f"s{number}": kimi.add(f"s{number}", "/w", at=100 - number) for number in range(6)}
    first = await page_of(store, ALL, 3)
    assert [row.native_id for row in first.rows] == ["s0", "s1", "s2"]
    touch(folders["s5"], 500)
    kimi.add("new", "/w", at=600)
    second = await page_of(store, ALL, 3, first.next_cursor)
    assert [row.native_id for row in second.rows] == ["s3", "s4"]


async def test_pages_of_what_was_active_lately(store: SessionStore, kimi: SmallKimi) -> None:
    now = time.time()
    for number in range(5):
        kimi.add(f"s{number}", "/w", at=now - 10 * number)
    kimi.add("long-ago", "/w", at=now - 100_000)
    query = SessionQuery(archived=None, active_within_ms=60_000)
    first = await page_of(store, query, 3)
    second = await page_of(store, query, 3, first.next_cursor)
    assert [row.native_id for row in [*first.rows, *second.rows]] == ["s0", "s1", "s2", "s3", "s4"]


async def test_a_cursor_with_a_key_of_the_wrong_type_is_refused(store: SessionStore, kimi: SmallKimi) -> None:
    for sort, key in (("updated", "text"), ("created", "text"), ("title", 5)):
        query = attrs.evolve(ALL, sort=sort)
        cursor = write_cursor(Position(key, "kimi:x"), question_mark(attrs.asdict(query)))
        with pytest.raises(CursorExpired):
            await page_of(store, query, 2, cursor)


async def test_a_cursor_of_other_filters_is_refused(store: SessionStore, kimi: SmallKimi) -> None:
    for number in range(3):
        kimi.add(f"s{number}", "/w", at=number)
    page = await page_of(store, ALL, 2)
    with pytest.raises(CursorExpired):
        await page_of(store, SessionQuery(archived=None, agents=["kimi"]), 2, page.next_cursor)


async def test_a_session_in_two_places_keeps_its_id_where_it_is_newest(store: SessionStore, kimi: SmallKimi) -> None:
    kimi.add("same", "/old", at=1)
    kimi.add("same", "/new", at=2)
    rows = (await page_of(store, ALL)).rows
    assert [row.work_dir for row in rows] == ["/new", "/old"]
    assert rows[0].session_id == "kimi:same"
    assert rows[1].session_id.startswith("kimi:same~")
    assert (await store.get(rows[1].session_id)).work_dir == "/old"


async def test_a_broken_session_costs_no_other_its_row(store: SessionStore, kimi: SmallKimi) -> None:
    kimi.add("sound", "/w", at=1)
    fifo = kimi.add("fifo", "/w", at=2)
    (fifo / "wire.jsonl").unlink()
    os.mkfifo(fifo / "wire.jsonl")
    folder = kimi.add("folder", "/w", at=3)
    (folder / "state.json").unlink()
    (folder / "state.json").mkdir()
    rubbish = kimi.add("rubbish", "/w", at=4)
    (rubbish / "wire.jsonl").write_bytes(os.urandom(4096))
    deep = kimi.add("deep", "/w", at=5)
    (deep / "state.json").write_bytes(b"[" * 100_000)
    rows = {row.native_id: row for row in (await page_of(store, ALL)).rows}
    assert set(rows) == {"sound", "fifo", "folder", "rubbish", "deep"}
    assert rows["sound"].problems == []
    assert all(row.problems for name, row in rows.items() if name != "sound")


async def test_a_name_that_is_not_text_can_be_listed_and_read(store: SessionStore, kimi: SmallKimi) -> None:
    folder = kimi.add("plain", "/w", at=1)
    os.rename(folder, os.fsencode(folder.parent) + b"/\xffodd")
    (row,) = (await page_of(store, ALL)).rows
    assert row.session_id == "kimi:\\xffodd"
    assert row.path_base64 is not None
    assert (await store.get(row.session_id)).turn_count == 1


async def test_large_transcripts_are_partial_until_they_are_asked_for(
    store: SessionStore, kimi: SmallKimi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forkpoint.stores.session_rows.WHOLE_READ_LIMIT", 200)
    kimi.add("big", "/w", at=1, text="the first words", turns=40)
    (row,) = (await page_of(store, ALL)).rows
    assert (row.partial, row.title, row.turn_count, row.message_count) == (True, "the first words", None, None)
    whole = await store.get(row.session_id)
    assert (whole.partial, whole.turn_count) == (None, 40)


async def test_a_session_that_is_gone_is_not_found(store: SessionStore, kimi: SmallKimi) -> None:
    folder = kimi.add("gone", "/w", at=1)
    assert len((await page_of(store, ALL)).rows) == 1
    os.rename(folder, kimi.root / "elsewhere")
    with pytest.raises(SessionNotFound):
        await store.turns("kimi:gone", -1, 10)
    with pytest.raises(SessionNotFound):
        await store.get("kimi:gone")


async def test_a_session_whose_agent_moved_it_is_found_again(store: SessionStore, kimi: SmallKimi) -> None:
    folder = kimi.add("moved", "/w", at=1)
    flat = folder.with_suffix(".jsonl")
    os.rename(folder / "context.jsonl", flat)
    os.rename(folder, kimi.root / "aside")
    assert (await store.turns("kimi:moved", -1, 10))[1] == 1
    os.rename(kimi.root / "aside", folder)
    os.rename(flat, folder / "context.jsonl")
    page = await store.page("kimi:moved", before=None, after=None, limit=9, oldest=False, raw=False)
    assert [entry.entry_id.partition("@")[0] for entry in page.entries] == ["wire", "wire"]


async def test_a_session_that_cannot_be_read_costs_no_other_its_row(tmp_path: Path) -> None:
    toy_rows.build(tmp_path)
    SmallKimi(tmp_path).add("sound", "/w", at=1)
    with closing(sqlite3.connect(tmp_path / ".rows" / "agent.db")) as database:
        database.execute("ALTER TABLE lines RENAME TO gone")
        database.commit()
    found = {row.session_id: row for row in (await page_of(store_of(tmp_path, KIMI, toy_rows.ADAPTER), ALL)).rows}
    assert {name: [problem.kind for problem in row.problems] for name, row in found.items()} == {
        "kimi:sound": [],
        "rows:s1": ["unreadable"],
        "rows:s2": ["unreadable"],
    }


async def test_lists_do_not_need_the_folder_the_server_was_started_in(
    store: SessionStore, kimi: SmallKimi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kimi.add("one", "/w", at=1)
    gone = _folder(tmp_path / "gone")
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert await _ids(store, ALL) == ["one"]


async def test_a_home_that_cannot_be_listed_is_a_problem_of_the_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".kimi").mkdir(parents=True)
    (home / ".kimi" / "sessions").write_text("not a folder")
    page = await page_of(store_of(home, KIMI), ALL)
    assert page.rows == []
    assert [problem.kind for problem in page.problems] == ["unreadable"]


async def test_listing_and_reading_change_nothing_on_disk(store: SessionStore, kimi: SmallKimi, tmp_path: Path) -> None:
    folder = kimi.add("old", "/w", at=1, turns=3)
    (folder / "state.json").unlink()
    (folder / "metadata.json").write_text('{"title": "Old form", "title_generated": true, "archived": true}')
    before = snapshot(tmp_path)
    (row,) = (await page_of(store, ALL)).rows
    assert (row.title, row.archived) == ("Old form", True)
    await store.get(row.session_id)
    await store.diagnose(row.session_id)
    await store.turns(row.session_id, -1, 10)
    await store.page(row.session_id, before=None, after=None, limit=2, oldest=False, raw=True)
    assert snapshot(tmp_path) == before
