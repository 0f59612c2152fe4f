"""Forks: what is added to the kept lines, and what lies beside them."""

import json
from pathlib import Path

import pytest

from forkpoint.agents.adapter import Ask
from forkpoint.agents.formats.pi_v3.writing.attachments import copied_blobs
from forkpoint.agents.writing import Copied, Cut, NewFile, NewFolder
from tests.agents.pi_files import Record, line, message, record, user
from tests.agents.pi_writing.support import Changes, stamp
from tests.agents.pi_writing.talks import CALLS, KEPT, bodies, talk
from tests.agents.reading import FolderDisk

# --- open tool calls --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut", "open_calls"),
    [
        (Cut(after="a0"), ["c1", "c2"]),
        (Cut(after="r1"), ["c2"]),
        (Cut(before="r1"), ["c1", "c2"]),
        (Cut(after="r2"), []),
    ],
)
def test_calls_that_are_open_at_the_cut_are_closed(tmp_path: Path, cut: Cut, open_calls: list[str]) -> None:
    changes, path = Changes(tmp_path), talk(tmp_path)
    plan = changes.plan_fork(path, cut)
    assert plan.closed_tool_calls == len(open_calls)
    added = [json.loads(raw) for raw in bodies(changes.fork(path, cut)) if raw not in KEPT]
    assert [entry["message"]["toolCallId"] for entry in added] == open_calls
    for entry in added:
        said = entry["message"]
        assert (said["role"], said["toolName"], said["isError"]) == ("toolResult", "bash", True)
        assert "nterrupted" in said["content"][0]["text"]


def test_a_whole_fork_of_a_running_session_closes_its_calls(tmp_path: Path) -> None:
    running = message("a3", "a2", "assistant", CALLS, provider="p", model="m", stopReason="toolUse")
    path = talk(tmp_path, running, record("label", "l", "a3", targetId="u0", label="x"))
    plan = Changes(tmp_path).plan_fork(path, Cut())
    assert plan.closed_tool_calls == 2


@pytest.mark.parametrize("reason", ["aborted", "error"])
def test_calls_of_an_answer_that_pi_never_sends_stay_open(tmp_path: Path, reason: str) -> None:
    stopped = message("a3", "a2", "assistant", CALLS, provider="p", model="m", stopReason=reason)
    assert Changes(tmp_path).plan_fork(talk(tmp_path, stopped), Cut()).closed_tool_calls == 0


def test_calls_before_a_later_message_are_history(tmp_path: Path) -> None:
    calls = message("a3", "a2", "assistant", CALLS, provider="p", model="m", stopReason="toolUse")
    for later in (user("z", "a3", "go on"), record("branch_summary", "z", "a3", fromId="a3", summary="s")):
        assert Changes(tmp_path).plan_fork(talk(tmp_path, calls, later), Cut()).closed_tool_calls == 0


# --- labels -----------------------------------------------------------------------------------------------------


def label(own: str, parent: str, target: str, text: str | None, at: str = "2026-02-02T02:02:02.000Z") -> Record:
    said = {} if text is None else {"label": text}
    return {**record("label", own, parent, targetId=target, **said), "timestamp": at}


def test_labels_on_the_path_stay_where_they_are(tmp_path: Path) -> None:
    path = talk(tmp_path, label("l", "a2", "u0", "start"), user("u2", "l", "third"))
    fork = Changes(tmp_path).fork(path, Cut(after="u2"))
    assert bodies(fork) == [*KEPT, line(label("l", "a2", "u0", "start")), line(user("u2", "l", "third"))]


def test_labels_of_kept_entries_that_stay_behind_are_written_again(tmp_path: Path) -> None:
    path = talk(
        tmp_path,
        label("l1", "a2", "u0", "old"),
        label("l2", "l1", "a1", "gone"),
        label("l3", "l2", "u0", "start", "2026-03-03T03:03:03.000Z"),
        label("l4", "l3", "a1", None),
        label("l5", "l4", "a2", "not kept"),
        label("l6", "l5", "nobody", "nothing"),
    )
    fork = Changes(tmp_path).fork(path, Cut(turn=0))
    added = [json.loads(raw) for raw in bodies(fork)[7:]]
    assert len(added) == 1
    assert added[0] == label(added[0]["id"], "n", "u0", "start", "2026-03-03T03:03:03.000Z")


def test_a_label_that_was_taken_away_later_is_taken_away_in_the_fork(tmp_path: Path) -> None:
    path = talk(tmp_path, label("l1", "a2", "u0", "x"), user("u2", "l1", "third"), label("l2", "u2", "u0", None))
    fork = Changes(tmp_path).fork(path, Cut(before="u2"))
    last = json.loads(bodies(fork)[-1])
    assert (last["targetId"], "label" in last) == ("u0", False)


# --- attachments ------------------------------------------------------------------------------------------------

HASH = "ab" * 32
BLOB = {"type": "image", "data": {"$piBlob": f"sha256:{HASH}", "sizeBytes": 5, "encoding": "base64"}, "mimeType": "x"}


def attached(home: Path, blob: Record) -> Path:
    path = talk(home, message("u2", "a2", "user", [blob]))
    folder = path.with_name("x.jsonl.blobs")
    folder.mkdir()
    (folder / HASH).write_bytes(b"image")
    return path


def test_attachments_in_files_come_along_before_the_fork_appears(tmp_path: Path) -> None:
    path = attached(tmp_path, BLOB)
    plan = Changes(tmp_path).plan_fork(path, Cut()).plan
    (folder,) = plan.before
    assert isinstance(folder, NewFolder)
    assert folder.path == plan.path + ".blobs"
    assert [file.path for file in folder.files] == [HASH]
    assert bodies(Changes(tmp_path).fork(path, Cut(turn=1))) == KEPT


def test_a_text_about_attachments_names_none(tmp_path: Path) -> None:
    path = attached(tmp_path, {"type": "text", "text": json.dumps(BLOB)})
    assert Changes(tmp_path).plan_fork(path, Cut()).problems == []


def test_a_missing_attachment_is_named(tmp_path: Path) -> None:
    path = attached(tmp_path, BLOB)
    (path.with_name("x.jsonl.blobs") / HASH).rename(path.with_name("x.jsonl.blobs") / "other")
    assert [problem.kind for problem in Changes(tmp_path).plan_fork(path, Cut()).problems] == ["unreadable"]


def test_the_attachments_of_kept_entries_are_copied_whole(tmp_path: Path) -> None:
    path = attached(tmp_path, BLOB)
    blob = f"{path}.blobs/{HASH}"
    disk = FolderDisk(tmp_path.resolve())
    disk.fetch(Ask(stamps=[blob]))
    expected = NewFolder(
        path="/new.jsonl.blobs", files=[NewFile(path=HASH, content=[Copied(blob, 0, 5, stamp(Path(blob)))])]
    )
    assert copied_blobs(str(path), "/new.jsonl", [HASH], disk) == (expected, [])
