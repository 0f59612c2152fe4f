"""The commands for people, on the sample home."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forkpoint import terminal
from forkpoint.cli import run
from forkpoint.model.entry import Block, Entry
from tests.sample_sessions import KimiWriter, Turn, kimi_folder
from tests.samples_home import KIMI_IMPORTER, PI_TORN, SampleHome, make_home


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleHome:
    """The sample home as the HOME of this process."""
    made = make_home(tmp_path)
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.chdir(tmp_path)
    return made


def output(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    """Give what a command writes to standard output."""
    assert run(argv) == code
    return capsys.readouterr().out


def ids_in(text: str) -> set[str]:
    return {row["sessionId"] for row in json.loads(text)["items"]}


def test_sessions_lists_what_is_not_archived(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    shown = ids_in(output(capsys, "sessions", "--json"))
    assert set(sample.sessions.values()) - shown == {sample.sessions["kimiNotes"]}
    text = output(capsys, "sessions")
    assert "Speed up the importer" in text
    assert "3 turns" in text
    assert str(sample.work_dir) in text
    assert "Sort the ideas" not in text


def test_sessions_all_lists_archived_ones_too(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    assert ids_in(output(capsys, "sessions", "--all", "--json")) == set(sample.sessions.values())
    assert "archived" in output(capsys, "sessions", "--all")


def test_sessions_of_a_folder_and_an_agent(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    in_notes = output(capsys, "sessions", "--folder", "ana/notes", "--json")
    assert ids_in(in_notes) == {sample.sessions["piNotes"]}
    folders = ["--folder", "~/notes", "--folder", str(sample.work_dir)]
    both = output(capsys, "sessions", *folders, "--agent", "pi", "--json")
    assert ids_in(both) == {sample.sessions[name] for name in ("uploader", "fork", "torn", "piNotes")}


def test_short_ids_are_accepted(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    for line in output(capsys, "sessions", "--all").splitlines():
        short = line.split()[0]
        assert run(["history", short]) == 0, short
    assert len(capsys.readouterr().out.splitlines()) > 7


@pytest.mark.parametrize(
    "given", [f"kimi:{KIMI_IMPORTER}", KIMI_IMPORTER, KIMI_IMPORTER[:6], f"kimi:{KIMI_IMPORTER[:4]}"]
)
def test_history_shows_what_was_said_and_done(
    sample: SampleHome, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    text = output(capsys, "history", given)
    assert "--- turn 0, 2026-01-05 08:10" in text
    assert "Where does the time go?" in text
    assert "> Shell" in text
    assert "| 12 passed in 0.41s" in text
    assert text.index("turn 0") < text.index("turn 1") < text.index("turn 2")


@pytest.mark.parametrize(
    ("kind", "block", "lines"),
    [
        ("assistant", Block(type="text", text="one\ntwo"), ["one", "two"]),
        ("toolResult", Block(type="text", text="a\nb"), ["  | a", "  | b"]),
        ("modelChange", Block(type="text", text="p/m"), ["  * kind: p/m"]),
        ("toolResult", Block(type="diff", path="a.py", old_text="", new_text=""), ["  ± a.py"]),
        ("toolResult", Block(type="diff", text="-old\n+new"), ["  | -old", "  | +new"]),
        ("toolCall", Block(type="toolCall", name="ls", arguments={}, state="failed"), ["  > ls {} [failed]"]),
        ("user", Block(type="image", mime_type="image/png"), ["  [image image/png]"]),
        ("unknown", Block(type="raw", raw={}), ["  [kind]"]),
    ],
)
def test_each_block_has_its_lines(kind: str, block: Block, lines: list[str]) -> None:
    entry = Entry(entry_id="e", kind=kind, agent_kind="kind", content=[block])
    assert list(terminal.entry_lines(entry))[-len(lines) :] == lines


def test_history_as_json_is_an_entry_per_line(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "history", PI_TORN, "--json").splitlines()
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [entry["kind"] for entry in entries if entry["kind"] in ("user", "assistant")] == ["user", "assistant"]
    assert all("entryId" in entry for entry in entries)


@pytest.mark.parametrize(("given", "reason"), [("zzz", "no session 'zzz'"), ("kimi:", "beginning of 3 ids")])
def test_an_id_that_names_no_single_session(
    sample: SampleHome, capsys: pytest.CaptureFixture[str], given: str, reason: str
) -> None:
    assert run(["history", given]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert reason in captured.err


@pytest.mark.parametrize("argv", [["nonsense"], [], ["history"], ["sessions", "--nonsense"]])
def test_wrong_arguments_exit_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argv) == 2
    assert "usage: forkpoint" in capsys.readouterr().err


def test_an_empty_machine_has_no_sessions(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "sessions") == "No sessions.\n"
    assert json.loads(output(capsys, "sessions", "--json"))["items"] == []


def test_doctor_tells_of_homes_sessions_and_problems(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "doctor")
    assert f"home {sample.home / '.kimi'}" in text
    assert "kimi: 3 sessions, 0 of them with problems" in text
    assert "pi: 4 sessions, 1 of them with problems" in text
    assert "answers and ends" in text
    report = json.loads(output(capsys, "doctor", "--json"))
    assert report["healthy"] is True
    assert report["python"] == sys.version.split()[0]
    assert {agent["agent"]: agent["sessions"] for agent in report["agents"]} == {"forkpoint": 0, "kimi": 3, "pi": 4}


def test_doctor_says_that_git_is_missing(
    sample: SampleHome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "git      missing" in output(capsys, "doctor", code=1)


def test_a_transcript_gives_no_orders_to_the_terminal(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    title = "clear \x1b[2J the screen"
    hostile = KimiWriter(200).turn(Turn(title, ["and \x1b]0;rename\x07 the window"]))
    folder = kimi_folder(sample.home / ".kimi", sample.work_dir) / "hostile"
    hostile.save(folder, custom_title=title, title_generated=True)
    for argv in (["sessions"], ["history", "hostile"]):
        text = output(capsys, *argv)
        assert "clear" in text
        assert "\x1b" not in text
        assert "\x07" not in text


def test_a_reader_that_leaves_early_is_no_error(sample: SampleHome) -> None:
    command = [sys.executable, "-m", "forkpoint", "sessions", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        said = writer.stderr.read()
    assert (writer.returncode, said) == (0, b"")


def test_what_the_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    terminal.be_lenient()
    terminal.write("caf\u00e9 \udcff")
    narrow.flush()
    assert narrow.buffer.getvalue() == b"caf\\xe9 \\udcff\n"  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def test_a_session_is_renamed_forked_archived_deleted_and_restored(
    sample: SampleHome, capsys: pytest.CaptureFixture[str]
) -> None:
    uploader = sample.sessions["uploader"]
    assert output(capsys, "rename", uploader, "Retry the upload") == "Retry the upload\n"
    fork = output(capsys, "fork", uploader, "--turn", "0", "--title", "Retries, otherwise").strip()
    assert output(capsys, "archive", uploader) == f"{uploader} is archived\n"
    shown = json.loads(output(capsys, "sessions", "--json"))["items"]
    titles = {row["sessionId"]: row["title"] for row in shown}
    assert titles[fork] == "Retries, otherwise"
    assert uploader not in titles
    assert next(row["parentSessionId"] for row in shown if row["sessionId"] == fork) == uploader
    output(capsys, "unarchive", uploader)
    assert output(capsys, "delete", fork, "--stop").startswith(f"{fork} is in the trash; forkpoint restore ")
    trash_id = output(capsys, "trash").split()[0]
    assert ids_in(output(capsys, "sessions", "--all", "--json")) == set(sample.sessions.values())
    assert output(capsys, "restore", trash_id[:8]) == f"{fork} is back\n"
    assert output(capsys, "trash") == "The trash is empty.\n"
    assert "--- turn 0" in output(capsys, "history", fork)


def test_what_cannot_be_changed_is_said(sample: SampleHome, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["fork", "kimi:none"],
        ["fork", sample.sessions["uploader"], "--turn", "99"],
        ["restore", "none"],
    ):
        assert run(arguments) == 1
        assert capsys.readouterr().err.startswith("forkpoint: ")
