"""Sessions that fall quiet after somebody wrote to them."""

from forkpoint.stores.watching.changes import AnnouncedKind, SessionChange
from forkpoint.stores.watching.quiet import QUIET_AFTER, Quieting


def change(session_id: str | None, kind: AnnouncedKind = "changed", reason: str = "disk") -> SessionChange:
    if session_id is None:
        return SessionChange(kind="everything", reason="behind")
    return SessionChange(session_id=session_id, kind=kind, reason=reason)


def fallen(quieting: Quieting, now: float) -> list[str | None]:
    return [each.session_id for each in quieting.fallen(now)]


def test_a_session_falls_quiet_once_and_as_often_as_it_is_written_to() -> None:
    quieting = Quieting()
    quieting.heard([change("a"), change("b")], 0)
    quieting.heard([change("a")], 5)
    assert fallen(quieting, QUIET_AFTER - 0.1) == []
    assert fallen(quieting, QUIET_AFTER) == ["b"]
    assert fallen(quieting, 5 + QUIET_AFTER) == ["a"]
    assert fallen(quieting, 100) == []
    quieting.heard([change("b", "created")], 100)
    assert fallen(quieting, 100 + QUIET_AFTER) == ["b"]


def test_what_is_gone_or_our_own_falls_not_quiet() -> None:
    quieting = Quieting()
    quieting.heard([change("a"), change("b", reason="update"), change(None), change("c", reason="quiet")], 0)
    quieting.heard([change("a", "deleted", "delete")], 1)
    assert fallen(quieting, 100) == []
