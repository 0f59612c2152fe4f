"""history/* and sessions/diagnose on real stores."""

from pathlib import Path

import pytest

from forkpoint.model.failures import EntryNotFound, SessionNotFound, TooLarge
from forkpoint.operations import history
from forkpoint.operations.diagnose import DiagnoseSessionParams, diagnose_session
from forkpoint.operations.history import (
    ListTurnsParams,
    ReadHistoryParams,
    ReplayHistoryParams,
    list_turns,
    read_history,
    replay_history,
)
from forkpoint.operations.registry import InvalidParams
from forkpoint.stores import history_reader
from tests.operations.calls import RecordingCall, services_over
from tests.stores.small_kimi import SmallKimi


@pytest.fixture
def home(tmp_path: Path) -> Path:
    SmallKimi(tmp_path).add("one", "/w", at=100, text="question", turns=30)
    return tmp_path


async def test_pages_from_both_ends(home: Path) -> None:
    services = services_over(home)
    newest = await read_history.run(services, ReadHistoryParams(session_id="kimi:one", limit=3))
    assert [(entry.kind, entry.turn) for entry in newest.entries] == [
        ("assistant", 28),
        ("user", 29),
        ("assistant", 29),
    ]
    assert (newest.has_more_before, newest.has_more_after) == (True, False)
    oldest = await read_history.run(services, ReadHistoryParams(session_id="kimi:one", limit=3, order="oldest"))
    assert [(entry.kind, entry.turn) for entry in oldest.entries] == [("user", 0), ("assistant", 0), ("user", 1)]
    assert (oldest.has_more_before, oldest.has_more_after) == (False, True)


async def test_turns_are_numbered_timed_and_paged(home: Path) -> None:
    services = services_over(home)
    first = await list_turns.run(services, ListTurnsParams(session_id="kimi:one", limit=2))
    assert [(turn.turn, turn.text, turn.started_at) for turn in first.turns] == [
        (0, "question", 100_000),
        (1, "question 1", 101_000),
    ]
    assert first.total == 30
    last = await list_turns.run(services, ListTurnsParams(session_id="kimi:one", after=28))
    assert [turn.turn for turn in last.turns] == [29]
    assert (await list_turns.run(services, ListTurnsParams(session_id="kimi:one", after=99))).turns == []


async def test_what_makes_no_sense_is_refused(home: Path) -> None:
    services = services_over(home)
    with pytest.raises(InvalidParams):
        await read_history.run(services, ReadHistoryParams(session_id="kimi:one", before="a", after="b"))
    with pytest.raises(InvalidParams):
        await list_turns.run(services, ListTurnsParams(session_id="kimi:one", after=-5))
    with pytest.raises(EntryNotFound):
        await read_history.run(services, ReadHistoryParams(session_id="kimi:one", before="wire@ffff"))
    with pytest.raises(EntryNotFound):
        await read_history.run(services, ReadHistoryParams(session_id="kimi:one", before="wire@-1"))
    with pytest.raises(SessionNotFound):
        await read_history.run(services, ReadHistoryParams(session_id="kimi:nobody"))


async def test_replay_goes_out_in_portions(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_reader, "REPLAY_CHUNK", 500)
    call = RecordingCall()
    result = await replay_history.run(services_over(home, call=call), ReplayHistoryParams(session_id="kimi:one"))
    sent = [entry for portion in call.portions for entry in portion["entries"]]
    assert len(call.portions) > 5
    assert (result.entries, result.entry_count) == ([], len(sent))
    whole = await read_history.run(services_over(home), ReadHistoryParams(session_id="kimi:one", limit=500))
    assert sent == whole.entries


async def test_a_replay_that_fits_no_reply_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await replay_history.run(services_over(home), ReplayHistoryParams(session_id="kimi:one"))
    assert len(whole.entries) == whole.entry_count == 60
    monkeypatch.setattr(history_reader, "REPLAY_CHUNK", 100)
    monkeypatch.setattr(history, "UNSTREAMED_PORTIONS", 2)
    with pytest.raises(TooLarge):
        await replay_history.run(services_over(home), ReplayHistoryParams(session_id="kimi:one"))


def _damage(home: Path) -> bytes:
    """Break the end of the log; give what it was before."""
    (wire,) = home.glob(".kimi/sessions/*/one/wire.jsonl")
    sound = wire.read_bytes()
    wire.write_bytes(sound + b'{"half": \n' + b"42\n" + b'{"timestamp": 1')
    return sound


async def test_diagnose_names_every_fault_with_its_place(home: Path) -> None:
    sound = _damage(home)
    result = await diagnose_session.run(services_over(home), DiagnoseSessionParams(session_id="kimi:one"))
    lines = sound.count(b"\n")
    assert [(problem.kind, problem.line, problem.byte_offset) for problem in result.problems] == [
        ("notJson", lines + 1, len(sound)),
        ("notObject", lines + 2, len(sound) + 10),
        ("tornTail", lines + 3, len(sound) + 13),
    ]
