"""Sessions taken away and brought back, and what else there is of a session."""

from typing import Literal

import attrs

from forkpoint.model.failures import NotSupported, ScopeMissing
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import InvalidParams, operation
from forkpoint.operations.services import Services
from forkpoint.stores.session_changes.generations import Rotated
from forkpoint.stores.session_changes.trash_room import Trashed


@attrs.frozen(kw_only=True)
class DeleteSessionParams:
    """Which session, and how."""

    session_id: str | None = None
    """The session's id; not together with `trashId`."""
    trash_id: str | None = None
    """What is taken out of the trash for good, by its id there; only with `permanently`."""
    permanently: bool = False
    """Delete it for good and not into the trash; needs the scope admin. What of it cannot be removed at once is
    removed as soon as a server starts that can."""
    keep_transcript: bool = False
    """Take away the session and leave its transcript, for agents that keep the two apart."""
    stop: bool = False
    """Delete it although somebody worked on it a moment ago."""


@attrs.frozen(kw_only=True)
class DeleteSessionResult:
    """The session is gone."""

    deleted: bool
    """True."""
    trash_id: str | None = None
    """Its id in the trash, for sessions/restore; absent when it is gone for good."""


@attrs.frozen(kw_only=True)
class RestoreSessionParams:
    """What to bring back."""

    trash_id: str
    """The id that sessions/delete gave, and sessions/generations gives."""


@attrs.frozen(kw_only=True)
class RestoreSessionResult:
    """The session is back."""

    session: SessionRow
    """Its row."""
    problems: list[Problem]
    """What of our notes could not be put back: a label that another session has by now."""


@attrs.frozen(kw_only=True)
class ListGenerationsParams:
    """Of which session."""

    session_id: str | None = None
    """The session's id, also of one that is only in the trash; absent: everything in the trash."""


@attrs.frozen(kw_only=True)
class Generation:
    """A session as it was."""

    kind: Literal["trash", "rotated"]
    """trash: the whole session, taken away; rotated: a transcript that its agent moved aside."""
    session_id: str
    """The session's id; of one in the trash, the id it had."""
    at: int
    """When it was taken away, or last written to, in milliseconds since 1970 UTC."""
    trash_id: str | None = None
    """Its id in the trash, for sessions/restore."""
    title: str | None = None
    """The title of a session in the trash."""
    agent: str | None = None
    """The agent of a session in the trash."""
    work_dir: str | None = None
    """The folder that a session in the trash works in."""
    expires_at: int | None = None
    """When a session in the trash may go for good, in milliseconds since 1970 UTC."""
    name: str | None = None
    """The name of a rotated transcript."""
    path: str | None = None
    """The absolute path of a rotated transcript."""
    size_bytes: int | None = None
    """The size of a rotated transcript, in bytes."""


@attrs.frozen(kw_only=True)
class ListGenerationsResult:
    """What there is."""

    items: list[Generation]
    """What lies in the trash, then what was moved aside, the newest of each first."""


@operation("sessions/delete")
async def delete_session(services: Services, params: DeleteSessionParams) -> DeleteSessionResult:
    """Delete a session: it goes into the trash with everything that belongs to it alone, for `trash.days` days.

    One that somebody wrote to in the last seconds is refused unless `stop` is set.
    Errors: sessionNotFound, trashNotFound, sessionBusy, scopeMissing, notSupported, discontinued, sessionChangedOnDisk,
    pathRefused for a link out of the agent's home, noSpace, unreadable, unwritable, timedOut.
    """
    if (params.session_id is None) == (params.trash_id is None):
        raise InvalidParams([("/sessionId", "must be given, or else `trashId`")])
    if params.permanently and "admin" not in services.settings.scopes:
        raise ScopeMissing(method="sessions/delete", scope="admin")
    if params.keep_transcript:
        raise NotSupported(capability="keepTranscript", reason="a session of this agent is its transcript")
    if params.session_id is None:
        return await _empty(services, params)
    with services.changes.own_work():
        trash_id = await services.session_changes.delete(
            params.session_id, permanently=params.permanently, force=params.stop, kept_days=services.settings.trash_days
        )
        services.changes.announce([params.session_id], "deleted", "delete")
    return DeleteSessionResult(deleted=True, trash_id=trash_id)


async def _empty(services: Services, params: DeleteSessionParams) -> DeleteSessionResult:
    assert params.trash_id is not None
    if not params.permanently:
        raise InvalidParams([("/permanently", "must be true for what is in the trash already")])
    await services.session_changes.purge(params.trash_id)
    return DeleteSessionResult(deleted=True)


@operation("sessions/restore")
async def restore_session(services: Services, params: RestoreSessionParams) -> RestoreSessionResult:
    """Bring a session back from the trash, to where it was, with what was noted about it.

    Nothing is overwritten: when something lies in its place it stays in the trash, and so it does where its agent's
    sessions are looked for elsewhere by now, or not at all.
    Errors: trashNotFound, nameTaken, notSupported, pathRefused for a link out of the agent's home, sessionBusy,
    sessionChangedOnDisk, noSpace, unwritable, timedOut, unreadable when it is back and is no session any more.
    """
    with services.changes.own_work():
        restored = await services.session_changes.restore(params.trash_id)
        services.changes.announce([restored.row.session_id], "restored", "restore")
    return RestoreSessionResult(session=restored.row, problems=restored.problems)


@operation("sessions/generations")
async def list_generations(services: Services, params: ListGenerationsParams) -> ListGenerationsResult:
    """List what there is of a session beside its present state, or everything in the trash.

    Errors: sessionNotFound, discontinued, unreadable.
    """
    in_trash, moved_aside = await services.session_changes.generations(params.session_id)
    return ListGenerationsResult(items=[*map(_of_trash, in_trash), *map(_of_rotated, moved_aside)])


def _of_trash(each: Trashed) -> Generation:
    label, item = each.manifest.label, each.item
    return Generation(
        kind="trash",
        session_id=label.session_id,
        at=label.retired_at,
        trash_id=label.trash_id,
        title=label.title,
        agent=None if item is None else item.agent,
        work_dir=None if item is None else item.work_dir,
        expires_at=None if item is None else item.expires_at,
    )


def _of_rotated(each: Rotated) -> Generation:
    return Generation(
        kind="rotated",
        session_id=each.session_id,
        at=each.stamp.mtime_ms,
        name=each.name,
        path=each.path,
        size_bytes=each.stamp.size,
    )
