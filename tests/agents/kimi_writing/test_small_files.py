"""Creating, renaming, archiving and deleting: what becomes of kimi.json, state.json and metadata.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.writing import NewFolder, Retire
from forkpoint.model.failures import NotSupported
from tests.agents.kimi_logs import NOBODY, WORK_DIR, read_one, work_key, write_index, write_session
from tests.agents.kimi_writing.support import NEW, NOW, WRITER, carry_out, created, deleted, updated

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "states" / "cases.json").read_text())
INDEX = b'{\n  "thinking": true,\n  "work_dirs": [\n    {"path": "/srv/\xc3\xa9", "new": 1}\n  ],\n  "z": {"b": 1.5}\n}'


def _entry(path: str, last: str | None = None, kaos: str = "local") -> dict[str, Any]:
    return {"path": path, "kaos": kaos, "last_session_id": last}


# --- creating ---------------------------------------------------------------------------------------------------


def test_the_work_dir_is_named_before_the_folder_appears(tmp_path: Path) -> None:
    plan = created(tmp_path)
    assert [replace.path for replace in plan.before] == [str(tmp_path / "kimi.json")]
    assert isinstance(plan.step, NewFolder)
    assert plan.path == str(tmp_path / "sessions" / work_key() / NEW)
    carry_out(plan)
    assert json.loads((tmp_path / "kimi.json").read_bytes()) == {"work_dirs": [_entry(WORK_DIR)]}
    assert sorted(path.name for path in Path(plan.path).iterdir()) == ["context.jsonl"]
    assert read_one(tmp_path, NEW).candidate.work_dir == WORK_DIR


def test_a_title_is_a_persons(tmp_path: Path) -> None:
    carry_out(created(tmp_path, title="Träume"))
    arrangement = read_one(tmp_path, NEW).arrangement
    assert (arrangement.title, arrangement.title_is_final) == ("Träume", True)
    assert "Träume".encode() in Path(tmp_path / "sessions" / work_key() / NEW / "state.json").read_bytes()


def test_everything_else_in_the_index_stays(tmp_path: Path) -> None:
    (tmp_path / "kimi.json").write_bytes(INDEX)
    carry_out(created(tmp_path))
    before, after = json.loads(INDEX), (tmp_path / "kimi.json").read_bytes()
    before["work_dirs"].append(_entry(WORK_DIR))
    assert after == json.dumps(before, indent=2, ensure_ascii=False).encode()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"work_dirs": 1}', b"\xff", b"null", b"[" * 100_000])
def test_an_index_that_is_not_understood_is_never_overwritten(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "kimi.json").write_bytes(raw)
    with pytest.raises(NotSupported, match=r"kimi\.json"):
        created(tmp_path)


def test_an_index_that_is_no_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kimi.json").mkdir()
    with pytest.raises(NotSupported, match=r"kimi\.json"):
        created(tmp_path)


@pytest.mark.parametrize(
    ("listed", "wanted", "hashed", "changes"),
    [
        (WORK_DIR, WORK_DIR, WORK_DIR, False),
        (WORK_DIR, f"{WORK_DIR}/", WORK_DIR, False),
        (WORK_DIR, "/home//ana/./x/../shop", WORK_DIR, False),
        (f"{WORK_DIR}/", WORK_DIR, f"{WORK_DIR}/", False),
        ("/other", f"{WORK_DIR}/", WORK_DIR, True),
        ("/other", f"/{WORK_DIR}", WORK_DIR, True),
    ],
)
def test_which_spelling_is_hashed(tmp_path: Path, listed: str, wanted: str, hashed: str, changes: bool) -> None:
    write_index(tmp_path, _entry(listed))
    plan = created(tmp_path, work_dir=wanted)
    assert Path(plan.path).parent.name == work_key(hashed)
    assert bool(plan.before) == changes


def test_the_same_path_on_another_machine_is_another_folder(tmp_path: Path) -> None:
    write_index(tmp_path, _entry(WORK_DIR, kaos="ssh"))
    assert created(tmp_path).before


@pytest.mark.parametrize("wish", [{"model": "k2"}, {"thinking_level": "high"}])
def test_what_a_session_has_no_field_for_is_refused(tmp_path: Path, wish: dict[str, str]) -> None:
    with pytest.raises(NotSupported):
        created(tmp_path, **wish)


# --- changing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_fields_change_and_nothing_else(tmp_path: Path, case: dict[str, Any]) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=[], context=[])
    for name in ("state", "metadata"):
        if name in case:
            (folder / f"{name}.json").write_text(json.dumps(case[name]))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    plan = updated(tmp_path, NOBODY, case["changes"])
    assert (plan is None) == ("after" not in case)
    if plan is None:
        return
    carry_out(plan)
    after = json.loads((folder / "state.json").read_bytes())
    assert {name: after[name] for name in case["after"]} == {
        name: NOW / 1000 if value == "now" else value for name, value in case["after"].items()
    }
    kept = case.get("state", {})
    assert {name: after[name] for name in kept if name not in case["after"]} == {
        name: value for name, value in kept.items() if name not in case["after"]
    }
    assert list(after)[: len(kept)] == list(kept)
    if "metadata" in case:
        left = json.loads((folder / "metadata.json").read_bytes())
        assert left == case.get("metadata after", case["metadata"])
    untouched = set(before) - {"state.json", "metadata.json"}
    assert {name: (folder / name).read_bytes() for name in untouched} == {name: before[name] for name in untouched}
    assert updated(tmp_path, NOBODY, case["changes"]) is None


@pytest.mark.parametrize("raw", ["", "{", "[]", "3", '{"custom_title": 1}', '{"todos": [1]}'])
def test_a_state_that_is_not_understood_is_never_overwritten(tmp_path: Path, raw: str) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=[], context=[])
    (folder / "state.json").write_text(raw)
    with pytest.raises(NotSupported, match=r"state\.json"):
        updated(tmp_path, NOBODY, {"title": "x"})


def test_metadata_that_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=[], context=[])
    (folder / "metadata.json").write_text("{")
    plan = updated(tmp_path, NOBODY, {"archived": True})
    assert plan is not None
    carry_out(plan)
    assert (folder / "metadata.json").read_text() == "{"
    assert read_one(tmp_path, NOBODY).arrangement.archived


def test_a_flat_session_has_no_place_for_fields(tmp_path: Path) -> None:
    write_index(tmp_path)
    group = tmp_path / "sessions" / work_key()
    group.mkdir(parents=True)
    (group / f"{NOBODY}.jsonl").write_bytes(b"")
    reading = read_one(tmp_path, NOBODY)
    assert WRITER.editable(reading.candidate, reading.arrangement) == frozenset()
    with pytest.raises(NotSupported, match="title"):
        updated(tmp_path, NOBODY, {"title": "x"})


def test_a_text_with_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    write_index(tmp_path)
    folder = write_session(tmp_path, wire=[], context=[])
    (folder / "state.json").write_bytes(rb'{"odd": "\ud800", "title_generated": false}')
    plan = updated(tmp_path, NOBODY, {"title": "ö"})
    assert plan is not None
    carry_out(plan)
    after = json.loads((folder / "state.json").read_bytes())
    assert (after["odd"], after["custom_title"]) == ("\ud800", "ö")


# --- deleting ---------------------------------------------------------------------------------------------------


def test_both_forms_go_and_no_entry_names_it(tmp_path: Path) -> None:
    write_index(tmp_path, _entry(WORK_DIR, NOBODY), _entry("/other", NOBODY), _entry(WORK_DIR, NOBODY, "ssh"))
    folder = write_session(tmp_path, wire=[], context=[])
    flat = folder.parent / f"{NOBODY}.jsonl"
    flat.write_bytes(b"")
    plan = deleted(tmp_path, NOBODY)
    assert isinstance(plan.step, Retire)
    assert plan.step.paths == [str(folder), str(flat)]
    carry_out(plan)
    left = json.loads((tmp_path / "kimi.json").read_bytes())["work_dirs"]
    assert [entry["last_session_id"] for entry in left] == [None, NOBODY, NOBODY]


@pytest.mark.parametrize("raw", [None, b"{", b'{"work_dirs": [1, {"path": 2}]}'])
def test_deleting_does_not_depend_on_the_index(tmp_path: Path, raw: bytes | None) -> None:
    folder = write_session(tmp_path, wire=[], context=[])
    if raw is not None:
        (tmp_path / "kimi.json").write_bytes(raw)
    plan = deleted(tmp_path, NOBODY)
    assert (plan.step, plan.after) == (Retire(paths=[str(folder)]), ())
