"""Generated stores of pi and pi_agent_rust, read and compared with the generator's own manifest."""

from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from forkpoint.agents.pi import ADAPTER
from forkpoint.model.entry import Entry
from tests.agents.reading import SessionReading, Stored, arranged, folded, read_all, scanned
from tests.generators import pi_store

Row = dict[str, Any]


@attrs.frozen
class Home:
    """A generated store, and what was read of it."""

    agent_dir: Path
    rows: list[Row]
    read: dict[str, SessionReading]

    def lines(self, row: Row, *, thorough: bool = True) -> list[Stored]:
        """All nodes of a session's file, on the current path or not."""
        arrangement = arranged(ADAPTER, self.agent_dir, self.read[row["id"]].candidate)
        stored = scanned(ADAPTER.reader(arrangement), arrangement.parts[0], [], thorough=thorough)
        return [item for item in stored if item[1].node]


def made(folder: Path, dialect: str, **options: Any) -> Home:
    manifest = pi_store.build(folder, dialect=dialect, **options)
    agent_dir = Path(manifest["agentDir"])
    return Home(agent_dir, manifest["sessions"], read_all(ADAPTER, agent_dir))


@pytest.fixture(scope="module", params=pi_store.DIALECTS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Nothing harmed."""
    return made(tmp_path_factory.mktemp("whole"), request.param, sessions=24, entries=30, branches=4, seed=5)


@pytest.fixture(scope="module", params=pi_store.DIALECTS)
def harmed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Every kind of damage three times."""
    return made(tmp_path_factory.mktemp("harmed"), request.param, sessions=30, entries=25, damage=24, seed=11)


def damage_of(row: Row) -> str:
    """How a session's file was harmed; empty for a whole one."""
    return "" if row["damage"] is None else str(row["damage"]["kind"])


def entry_at(reading: SessionReading, stored: Stored) -> Entry:
    [entry] = folded(ADAPTER.reader(reading.arrangement), [stored])
    return entry


# --- whole files ------------------------------------------------------------------------------------------------


def test_every_session_is_found_by_its_header(whole: Home) -> None:
    assert sorted(whole.read) == sorted(row["id"] for row in whole.rows)
    for row in whole.rows:
        candidate = whole.read[row["id"]].candidate
        assert candidate.path == row["path"]
        assert candidate.work_dir == row["cwd"]
        assert candidate.parent_path == row["parentSession"]
        assert candidate.created_at == milliseconds(row["created"])


def test_pi_i_24_updated_is_the_last_message_not_the_mtime(whole: Home) -> None:
    for row in whole.rows:
        assert whole.read[row["id"]].candidate.updated_at == row["modifiedMs"]


def test_rows_show_what_pi_shows(whole: Home) -> None:
    for row in whole.rows:
        summary = whole.read[row["id"]].summary
        assert summary.title == row["name"]
        assert summary.first_turn == row["firstUserText"]
        assert summary.message_count == row["messages"]
        assert summary.created_at == milliseconds(row["created"])


def test_nothing_is_wrong_with_whole_files(whole: Home) -> None:
    assert [problem for reading in whole.read.values() for problem in reading.problems] == []
    assert all(not entry.problems for reading in whole.read.values() for entry in reading.entries)
    assert all(entry.kind != "unknown" for reading in whole.read.values() for entry in reading.entries)


def test_pi_i_21_the_tree_holds_every_branch(whole: Home) -> None:
    for row in whole.rows:
        lines = [line for _, line, _ in whole.lines(row)]
        assert len(lines) == row["entries"]
        if row["dialect"] == "v1":
            assert all(line.id is None and line.parent is None for line in lines)
            continue
        children: dict[str | None, list[str]] = {}
        for line in lines:
            assert line.id is not None
            children.setdefault(line.parent, []).append(line.id)
        assert len(children[None]) == row["roots"]
        assert sorted(line.id for line in lines if line.id is not None and line.id not in children) == row["leaves"]
        branching = sorted(parent for parent, below in children.items() if parent and len(below) > 1)
        assert branching == row["branchPoints"]


def test_the_path_ends_at_the_leaf(whole: Home) -> None:
    for row in whole.rows:
        entries = whole.read[row["id"]].entries
        if row["dialect"] == "v1":
            assert len(entries) == row["entries"]
        else:
            assert entries[-1].entry_id == (row["rustLeaf"] if row["dialect"] == "rust" else row["leaf"])
            assert entries[0].parent_id is None
            assert [entry.parent_id for entry in entries[1:]] == [entry.entry_id for entry in entries[:-1]]


def test_pi_i_15_labels_can_be_put_together(whole: Home) -> None:
    for row in whole.rows:
        labels: dict[str, str] = {}
        for stored in whole.lines(row):
            if stored[1].kind == "label":
                entry = entry_at(whole.read[row["id"]], stored)
                target = entry.content[-1].raw["targetId"]
                labels.pop(target, None)
                if entry.content[0].text:
                    labels[target] = entry.content[0].text
        assert labels == row["labels"]


def test_pi_i_2_to_8_the_path_leads_to_the_context_pi_builds(whole: Home) -> None:
    compared = 0
    for row in whole.rows:
        reading = whole.read[row["id"]]
        if row["dialect"] != "rust" or row["rustLeaf"] == row["leaf"]:
            assert context_roles(reading, kept_by_number=row["dialect"] == "v1") == row["contextRoles"]
            compared += 1
    assert compared > len(whole.rows) // 2


def context_roles(reading: SessionReading, *, kept_by_number: bool) -> list[str]:
    """The roles of the messages the model gets, by pi's rules, from entries alone."""
    entries, roles = reading.entries, list[str]()
    last = max((number for number, entry in enumerate(entries) if entry.kind == "compaction"), default=None)
    if last is not None:
        kept = entries[last].content[-1].raw
        if kept_by_number:
            first = kept["firstKeptEntryIndex"] - 1
        else:
            ids = [entry.entry_id for entry in entries]
            first = ids.index(kept["firstKeptEntryId"])
        roles.append("compactionSummary")
        entries = entries[first:last] + entries[last + 1 :]
    names = {"hookMessage": "custom", "custom_message": "custom", "branch_summary": "branchSummary"}
    shown = {"user", "assistant", "toolResult", "toolCall", "branchSummary"}
    for entry in entries:
        note = entry.kind == "note" and entry.agent_kind in ("hookMessage", "custom_message")
        role_custom = entry.agent_kind == "custom" and entry.content[0].type == "text"
        if entry.kind in shown or note or role_custom:
            roles.append(names.get(entry.agent_kind, entry.agent_kind))
    return roles


def test_the_first_prompt_holds_its_needle(whole: Home) -> None:
    for row in whole.rows:
        if row["needleEntry"] is not None and row["dialect"] != "v1":
            [stored] = [item for item in whole.lines(row) if item[1].id == row["needleEntry"]]
            assert stored[1].turn
            entry = entry_at(whole.read[row["id"]], stored)
            assert any(row["needle"] in (block.text or "") for block in entry.content)


def test_a_quick_look_says_the_same_as_a_thorough_one(whole: Home, harmed: Home) -> None:
    for home in (whole, harmed):
        for row in home.rows:
            thorough = [(item[0], item[1]._replace(problem=None, reason="")) for item in home.lines(row)]
            quick = [(item[0], item[1]._replace(problem=None, reason="")) for item in home.lines(row, thorough=False)]
            assert quick == thorough


# --- harmed files -----------------------------------------------------------------------------------------------

NAMED = {
    "torn_tail": "notJson",
    "garbage_line": "notJson",
    "blank_lines": "blankLine",
    "crlf": "carriageReturns",
    "bom": "byteOrderMark",
}
"""What a line is said to be; links and the missing last line break are seen over the whole file."""


def test_pi_e_no_damage_costs_a_row(harmed: Home) -> None:
    assert sorted(harmed.read) == sorted(row["id"] for row in harmed.rows)
    for row in harmed.rows:
        reading = harmed.read[row["id"]]
        assert reading.candidate.work_dir == row["cwd"]
        assert reading.candidate.created_at == milliseconds(row["created"])
        assert reading.entries


def test_pi_e_each_damage_is_named_where_it_is(harmed: Home) -> None:
    seen: set[str] = set()
    for row in harmed.rows:
        problems = [(problem.kind, problem.line) for problem in harmed.read[row["id"]].problems]
        kind = NAMED.get(damage_of(row))
        assert problems == ([] if kind is None else [(kind, row["damage"]["line"] or 1)])
        seen.add(damage_of(row))
    assert seen == {"", *pi_store.DAMAGES}


def test_pi_i_13_all_other_entries_stay(harmed: Home) -> None:
    lost = {"torn_tail": -1, "orphan": -1, "duplicate_id": 1}
    for row in harmed.rows:
        assert len(harmed.lines(row)) == row["entries"] + lost.get(damage_of(row), 0)


def test_pi_e_whole_but_oddly_stored_files_say_all_they_say(harmed: Home) -> None:
    for row in harmed.rows:
        if damage_of(row) in ("", "no_final_newline", "garbage_line", "blank_lines", "crlf", "bom"):
            reading = harmed.read[row["id"]]
            assert reading.summary.title == row["name"]
            assert reading.summary.first_turn == row["firstUserText"]
            assert reading.summary.message_count == row["messages"]
            assert reading.candidate.updated_at == row["modifiedMs"]
            if row["dialect"] in ("pi", "v2"):
                assert reading.entries[-1].entry_id == row["leaf"]


def test_pi_i_31_a_torn_last_line_leaves_the_one_before_as_leaf(harmed: Home) -> None:
    for row in harmed.rows:
        if damage_of(row) == "torn_tail":
            lines = harmed.lines(row)
            assert len(lines) == row["entries"] - 1
            if row["dialect"] in ("pi", "v2"):
                assert harmed.read[row["id"]].entries[-1].entry_id == lines[-1][1].id


def test_pi_i_10_the_path_begins_at_an_orphan(harmed: Home) -> None:
    begun = 0
    for row in harmed.rows:
        if damage_of(row) == "orphan" and row["dialect"] != "v1":
            ids = {line.id for _, line, _ in harmed.lines(row)}
            first = harmed.read[row["id"]].entries[0]
            assert first.parent_id is None or first.parent_id not in ids
            begun += first.parent_id is not None
    assert begun or harmed.rows[0]["dialect"] == "v1"


def test_pi_e_of_two_lines_with_one_id_the_last_counts(harmed: Home) -> None:
    for row in harmed.rows:
        if damage_of(row) == "duplicate_id" and row["dialect"] in ("pi", "v2"):
            lines = harmed.lines(row)
            assert [item[1].id for item in lines].count(lines[-1][1].id) == 2
            assert harmed.read[row["id"]].entries[-1].entry_id == lines[-1][1].id


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
