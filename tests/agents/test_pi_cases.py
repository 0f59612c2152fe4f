"""Behaviour that the tests of pi and of pi_agent_rust pin down, as far as reading shows it, by number of the case."""

from pathlib import Path

import pytest

from forkpoint.agents.pi import ADAPTER
from tests.agents.pi_files import assistant, header, ids, message, read, record, text, user, write
from tests.agents.reading import discovered, read_all, read_session


def test_pi_i_1_no_entries(tmp_path: Path) -> None:
    reading = read(tmp_path, header())
    assert reading.entries == []
    assert (reading.summary.message_count, reading.summary.model, reading.summary.thinking_level) == (0, None, "off")
    assert reading.problems == []


def test_pi_i_2_the_last_model_and_level_on_the_path_count(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        header(),
        record("model_change", "1", None, provider="a", modelId="first"),
        record("thinking_level_change", "2", "1", thinkingLevel="high"),
        record("thinking_level_change", "3", "2", thinkingLevel="low"),
        user("4", "3", "hi"),
        record("model_change", "5", "4", provider="b", modelId="second"),
        record("model_change", "6", "4", provider="c", modelId="elsewhere"),
        record("thinking_level_change", "7", "6", thinkingLevel="off"),
        record("label", "8", "5", targetId="4", label="x"),
    )
    assert (reading.summary.model, reading.summary.thinking_level) == ("b/second", "low")


@pytest.mark.parametrize(("members", "model"), [({}, "p/used"), ({"thinkingLevel": "off"}, "a/set")])
def test_pi_i_2_pi_also_takes_a_model_that_answered(tmp_path: Path, members: dict[str, str], model: str) -> None:
    reading = read(
        tmp_path,
        header(**members),
        record("model_change", "1", None, provider="a", modelId="set"),
        user("2", "1", "hi"),
        assistant("3", "2", "ho", model="used"),
    )
    assert reading.summary.model == model


def test_pi_i_3_4_5_compactions_stand_at_their_place(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        header(),
        user("1", None, "hi"),
        assistant("2", "1", "ho"),
        record("compaction", "3", "2", summary="greeted", firstKeptEntryId="1", tokensBefore=5),
        user("4", "3", "more"),
        record("compaction", "5", "4", summary="greeted twice", firstKeptEntryId="4", tokensBefore=9),
        user("6", "5", "last"),
    )
    assert ids(reading) == ["1", "2", "3", "4", "5", "6"]
    compactions = [entry for entry in reading.entries if entry.kind == "compaction"]
    assert [text(entry) for entry in compactions] == ["greeted", "greeted twice"]
    assert [entry.content[-1].raw["firstKeptEntryId"] for entry in compactions] == ["1", "4"]


def test_pi_i_6_a_kept_entry_that_is_missing_harms_nothing(tmp_path: Path) -> None:
    compaction = record("compaction", "2", "1", summary="s", firstKeptEntryId="gone", tokensBefore=1)
    reading = read(tmp_path, header(), user("1", None, "hi"), compaction, user("3", "2", "on"))
    assert ids(reading) == ["1", "2", "3"]
    assert reading.problems == []


BRANCHES = (
    user("1", None, "question"),
    assistant("2", "1", "left answer"),
    user("3", "2", "left on"),
    assistant("4", "1", "right answer"),
    user("5", "4", "right on"),
)


def test_pi_i_7_of_two_branches_only_the_one_with_the_leaf_is_read(tmp_path: Path) -> None:
    assert ids(read(tmp_path / "last", header(), *BRANCHES)) == ["1", "4", "5"]
    assert ids(read(tmp_path / "named", header(leafId="3"), *BRANCHES)) == ["1", "2", "3"]


def test_pi_i_8_a_branch_summary_stands_at_its_place(tmp_path: Path) -> None:
    summary = record("branch_summary", "6", "1", fromId="5", summary="Went right.")
    reading = read(tmp_path, header(), *BRANCHES, summary, user("7", "6", "again"))
    assert ids(reading) == ["1", "6", "7"]
    assert (reading.entries[1].kind, text(reading.entries[1])) == ("branchSummary", "Went right.")


def test_pi_i_9_an_unknown_leaf_means_the_last_entry(tmp_path: Path) -> None:
    assert ids(read(tmp_path, header(leafId="gone"), *BRANCHES)) == ["1", "4", "5"]


def test_pi_i_10_the_path_begins_at_an_orphan(tmp_path: Path) -> None:
    reading = read(tmp_path, header(), user("1", None, "lost"), assistant("3", "2", "found"), user("4", "3", "on"))
    assert ids(reading) == ["3", "4"]


def test_pi_i_11_version_1_is_a_chain_whose_ids_stay(tmp_path: Path) -> None:
    old = [{name: value for name, value in item.items() if name not in ("id", "parentId")} for item in BRANCHES]
    reading = read(tmp_path, header(version=None), *old)
    assert [text(entry) for entry in reading.entries] == [
        "question",
        "left answer",
        "left on",
        "right answer",
        "right on",
    ]
    path = Path(reading.candidate.path)
    path.write_bytes(path.read_bytes() + b'{"type":"label","timestamp":"2026-01-05T11:00:00.000Z","targetId":"?"}\n')
    [again] = read_all(ADAPTER, tmp_path).values()
    assert ids(again)[:-1] == ids(reading)
    assert len(set(ids(again))) == 6


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (b"", ["noHeader"]),
        (b"\n", ["noHeader", "blankLine"]),
        (b"not a session\n", ["noHeader", "notJson"]),
        (b'{"type":"session","version":3}\n', ["badRecord"]),
        (b"[]\n", ["noHeader", "notObject"]),
        (b"\0\0\0\0\0\0\0\0", ["noHeader", "notJson"]),
    ],
)
def test_pi_i_12_30_a_file_without_a_header_has_a_row_and_no_entries(
    tmp_path: Path, content: bytes, kinds: list[str]
) -> None:
    (tmp_path / "stem.of.it.jsonl").write_bytes(content)
    reading = read_all(ADAPTER, tmp_path)["stem.of.it"]
    assert reading.entries == []
    assert [problem.kind for problem in reading.problems] == kinds
    assert reading.candidate.work_dir is None
    assert ADAPTER.resume(reading.candidate) is None


def test_pi_i_12_29_a_file_that_went_away_is_still_laid_out(tmp_path: Path) -> None:
    candidate = read(tmp_path, header(), *BRANCHES).candidate
    Path(candidate.path).unlink()
    assert discovered(ADAPTER, tmp_path).candidates == []
    with pytest.raises(FileNotFoundError):  # the driver opens it; the adapter did not mind
        read_session(ADAPTER, tmp_path, candidate)


def test_pi_i_13_bad_lines_leave_the_good_ones_in_order(tmp_path: Path) -> None:
    broken = [value for item in BRANCHES for value in ("{broken", item)]
    reading = read(tmp_path, header(), *broken)
    assert ids(reading) == ["1", "4", "5"]
    assert [(problem.kind, problem.line) for problem in reading.problems] == [("notJson", n) for n in (2, 4, 6, 8, 10)]


def test_pi_i_19_an_entry_after_a_branch_is_a_child_of_the_branch_point(tmp_path: Path) -> None:
    reading = read(tmp_path, header(), *BRANCHES, user("6", "2", "left again"))
    assert ids(reading) == ["1", "2", "6"]
    assert reading.entries[-1].parent_id == "2"


def test_pi_i_23_a_session_id_of_ones_own(tmp_path: Path) -> None:
    assert read(tmp_path, header(id="My.own_session-1")).candidate.native_id == "My.own_session-1"


def test_pi_i_27_the_source_of_a_fork_has_two_names(tmp_path: Path) -> None:
    for number, name in enumerate(("parentSession", "branchedFrom")):
        reading = read(tmp_path / str(number), header(**{name: "/home/u/source.jsonl"}))
        assert reading.candidate.parent_path == "/home/u/source.jsonl"


def test_pi_i_28_an_entry_without_an_id_gets_one_that_stays(tmp_path: Path) -> None:
    nameless = {name: value for name, value in user("", "1", "who am I").items() if name != "id"}
    reading = read(tmp_path, header(), user("1", None, "hi"), nameless)
    assert ids(reading)[0] == "1"
    assert ids(reading)[1].startswith("main@")
    assert reading.entries[1].parent_id == "1"
    assert reading.problems == []


def test_pi_i_35_the_position_before_the_first_entry(tmp_path: Path) -> None:
    reading = read(tmp_path, header(leafId=""), *BRANCHES)
    assert reading.entries == []
    assert reading.summary.first_turn == "question"
    assert reading.summary.preview is None


def test_pi_i_37_a_shell_run_kept_from_the_model_is_shown(tmp_path: Path) -> None:
    ran = {"role": "bashExecution", "command": "ls", "output": "a", "exitCode": 0, "excludeFromContext": True}
    reading = read(tmp_path, header(), record("message", "1", None, message=ran))
    [entry] = reading.entries
    assert (entry.kind, entry.agent_kind) == ("toolCall", "bashExecution")
    assert [block.type for block in entry.content] == ["toolCall", "text", "raw"]


def test_pi_a_the_header_decides_the_project_not_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "--a-b--" / "1.jsonl", header(id="one", cwd="/a/b"))
    write(tmp_path / "--a-b--" / "2.jsonl", header(id="two", cwd="/a-b"))
    write(tmp_path / "--a-b--" / "3.jsonl", header(id="three", cwd=""))
    found = {candidate.native_id: candidate.work_dir for candidate in discovered(ADAPTER, tmp_path).candidates}
    assert found == {"one": "/a/b", "two": "/a-b", "three": None}


@pytest.mark.parametrize(
    ("stop", "status"),
    [("stop", "idle"), ("length", "idle"), ("error", "failed"), ("aborted", "interrupted"), ("toolUse", "unknown")],
)
def test_the_status_is_how_the_last_message_ended(tmp_path: Path, stop: str, status: str) -> None:
    reading = read(tmp_path, header(), user("1", None, "hi"), assistant("2", "1", "ho", stopReason=stop))
    assert reading.summary.status == status


def test_a_question_without_an_answer_says_nothing_of_the_status(tmp_path: Path) -> None:
    reading = read(tmp_path, header(), assistant("1", None, "ho"), user("2", "1", "and?"))
    assert reading.summary.status == "unknown"


def test_the_name_is_the_last_one_given(tmp_path: Path) -> None:
    names = [record("session_info", str(number), None, name=name) for number, name in enumerate(["one", " two ", "  "])]
    assert read(tmp_path / "cleared", header(), *names).summary.title is None
    assert read(tmp_path / "set", header(), *names[:2]).summary.title == "two"


def test_the_first_turn_is_the_first_with_words(tmp_path: Path) -> None:
    image = {"type": "image", "data": "AA==", "mimeType": "image/png"}
    reading = read(
        tmp_path,
        header(),
        message("1", None, "user", [image]),
        user("2", "1", "   "),
        user("3", "2", "Now in words."),
    )
    assert reading.summary.first_turn == "Now in words."
    assert len(reading.turns) == 3


def test_tool_calls_are_blocks_not_words(tmp_path: Path) -> None:
    tricky = [
        {"type": "text", "text": '{"type":"toolCall","id":"x"}'},
        {"type": "toolCall", "id": "1", "name": "write", "arguments": {"content": [{"type": "toolCall"}]}},
    ]
    reading = read(tmp_path, header(), message("1", None, "assistant", tricky, stopReason="toolUse"))
    assert [line.calls for _, line, _ in reading.lines] == [1]


def test_a_large_version_number_reads_like_version_3(tmp_path: Path) -> None:
    reading = read(tmp_path, header(version=9), *BRANCHES)
    assert ids(reading) == ["1", "4", "5"]
    assert reading.arrangement.agent_fields == {"version": 9, "dialect": "ts"}


def test_bytes_that_are_not_utf8_are_named_wherever_they_are(tmp_path: Path) -> None:
    call = {"type": "toolCall", "id": "c", "name": "write", "arguments": {"content": "BAD"}}
    path = write(tmp_path / "1.jsonl", header(), message("1", None, "assistant", [call], stopReason="toolUse"))
    path.write_bytes(path.read_bytes().replace(b"BAD", b"\xff"))
    [reading] = read_all(ADAPTER, tmp_path).values()
    assert [(problem.kind, problem.line) for problem in reading.problems] == [("badUtf8", 2)]
    [entry] = reading.entries
    assert entry.content[0].arguments == {"content": "\ufffd"}
    assert entry.problems is not None
    assert [line.calls for _, line, _ in reading.lines] == [1]


def test_a_message_without_content_begins_no_turn(tmp_path: Path) -> None:
    reading = read(tmp_path, header(), message("1", None, "user", None), user("2", "1", "hi"))
    assert [line.turn for _, line, _ in reading.lines] == [False, True]
    assert [entry.kind for entry in reading.entries] == ["unknown", "user"]
