"""The numbered stream: what came after a position, merged by session, bounded."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from forkpoint.stores.watching.changes import KEPT, TURNS, AnnouncedKind, ChangeStream, Pace, SessionChange

KINDS: Sequence[AnnouncedKind] = ("created", "changed", "deleted", "restored")
Step = tuple[str, AnnouncedKind]
steps = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(KINDS)), max_size=30)


def change(session_id: str, kind: AnnouncedKind) -> SessionChange:
    return SessionChange(session_id=session_id, kind=kind, reason="disk")


def told(before: Sequence[Step], after: Sequence[Step]) -> dict[str, AnnouncedKind]:
    """What somebody is told who knows all that was there before, the session that changed last at the end."""
    there: dict[str, bool] = {}
    for session_id, kind in [*before, *after]:
        there.setdefault(session_id, kind in ("changed", "deleted"))
    for step in before:
        there = there_after(there, step)
    known = there
    came: dict[str, AnnouncedKind] = {}
    found: dict[str, AnnouncedKind] = {}
    for session_id, kind in after:
        there = there_after(there, (session_id, kind))
        if kind in ("created", "restored"):
            came[session_id] = kind
        found.pop(session_id, None)
        found[session_id] = kind
        if there[session_id]:
            found[session_id] = "changed" if known[session_id] else came[session_id]
    return found


def there_after(there: dict[str, bool], step: Step) -> dict[str, bool]:
    session_id, kind = step
    return there if kind == "changed" else {**there, session_id: kind != "deleted"}


@given(steps, steps)
def test_what_came_after_a_position_is_told_once_per_session(before: list[Step], after: list[Step]) -> None:
    stream = ChangeStream("e")
    stream.add([change(*step) for step in before])
    position = stream.revision
    for step in after:
        stream.announce([step[0]], step[1], "disk")
    found = stream.since(position)
    expected = told(before, after)
    assert [(each.session_id, each.kind) for each in found] == [*expected.items()]
    assert stream.since(stream.revision) == []


def test_a_session_that_comes_and_goes_without_end_is_told_as_it_is() -> None:
    stream, positions = ChangeStream("e"), list[str]()
    for number in range(10 * TURNS + 1):
        stream.add([change("a", "created" if number % 2 == 0 else "deleted")])
        positions.append(stream.revision)
    stream.add([change("a", "changed")])
    recent = [[found.kind for found in stream.since(position)] for position in positions[-TURNS:]]
    assert recent == [["created"], ["changed"]] * (TURNS // 2)


def test_whoever_is_too_far_behind_is_told_to_look_again() -> None:
    stream = ChangeStream("e")
    start = stream.revision
    for number in range(KEPT):
        stream.add([change(f"s{number}", "changed")])
    assert len(stream.since(start)) == KEPT
    one = stream.revision
    stream.add([change("one more", "changed")])
    assert [found.kind for found in stream.since(start)] == ["everything"]
    assert [found.session_id for found in stream.since(one)] == ["one more"]


def test_one_busy_session_pushes_nothing_out() -> None:
    stream = ChangeStream("e")
    start = stream.revision
    stream.add([change("quiet", "created")])
    for _ in range(3 * KEPT):
        stream.add([change("busy", "changed")])
    assert [found.session_id for found in stream.since(start)] == ["quiet", "busy"]


def test_a_position_of_another_stream_is_recognised() -> None:
    stream = ChangeStream("e")
    for position in ("f.0", "e.1", "e.-1", "e.", "", "e.x", "e.²", "e." + "9" * 30, "0"):
        assert [found.kind for found in stream.since(position)] == ["everything"], position


def test_everything_outdates_all_positions_before_it() -> None:
    stream = ChangeStream("e")
    start = stream.revision
    stream.add([SessionChange(kind="everything", reason="many")])
    assert [found.kind for found in stream.since(start)] == ["everything"]
    assert stream.since(stream.revision) == []


def test_listeners_hear_until_they_leave_and_own_changes_go_to_the_watcher() -> None:
    stream, heard = ChangeStream("e"), list[int]()

    def listen() -> None:
        heard.append(1)

    stream.listen(listen)
    stream.announce(["a"], "created", "create")
    taken: list[tuple[list[str], str, str]] = []
    stream.own_sink = lambda ids, kind, reason: taken.append(([*ids], kind, reason))
    stream.announce(["b"], "deleted", "delete")
    assert (len(heard), taken) == (1, [(["b"], "deleted", "delete")])
    stream.leave(listen)
    stream.add([change("c", "changed")])
    assert len(heard) == 1


@given(st.lists(st.floats(0, 1), max_size=50))
def test_the_first_of_a_burst_goes_at_once_and_later_ones_keep_their_distance(gaps: list[float]) -> None:
    pace, now, went = Pace(0.2), 0.0, list[float]()
    for gap in gaps:
        now += gap
        if not pace.wait(now):
            pace.went(now)
            went.append(now)
        else:
            assert now + pace.wait(now) >= went[-1] + 0.2 - 1e-9
    assert went[:1] == ([gaps[0]] if gaps else [])
    assert all(later - earlier >= 0.2 - 1e-9 for earlier, later in pairwise(went))
