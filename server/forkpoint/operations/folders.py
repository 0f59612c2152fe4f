"""Which folder a guarded call works in."""

from forkpoint.model.failures import NotSupported, PathRefused
from forkpoint.operations.registry import InvalidParams
from forkpoint.operations.services import Services
from forkpoint.parsing.path_rules import root_refusal


async def folder_of(services: Services, session_id: str | None, folder: str | None) -> str:
    """Give the folder a call is about, absolute and with its links resolved: a session's work dir, or the one named.

    It may serve as the root of guarded reads, by the guard in force. Raises InvalidParams unless exactly one is
    given, SessionNotFound, RemoteFolder, NotSupported when the session does not say where it works, FileNotFound
    when there is no such folder, PathRefused when it is no root.
    """
    asked = await _asked(services, session_id, folder)
    resolved = await services.files.resolve_folder(asked)
    homes = [home.path for _, home in await services.sessions.homes()]
    user_home, *others = await services.files.resolve(["~", *homes, *services.workspace])
    reason = root_refusal(
        resolved,
        user_home=user_home,
        agent_homes=others[: len(homes)],
        workspace=others[len(homes) :],
        level=services.settings.effective_guard,
    )
    if reason is not None:
        raise PathRefused(path=asked, reason=reason)
    return resolved


async def _asked(services: Services, session_id: str | None, folder: str | None) -> str:
    if session_id is None:
        if folder is None:
            raise InvalidParams([("/sessionId", "must be given, or else a folder")])
        if not folder.startswith("/"):
            raise InvalidParams([("/folder", "must be an absolute path")])
        return folder
    if folder is not None:
        raise InvalidParams([("/folder", "cannot stand together with `sessionId`")])
    work_dir = await services.sessions.work_dir_of(session_id)
    if work_dir is None:
        raise NotSupported(capability="workDir", reason="the session does not say which folder it works in")
    return work_dir
