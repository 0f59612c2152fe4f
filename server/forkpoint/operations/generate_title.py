"""Titles made out of what was said."""

from typing import Any, Literal

import attrs

from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class GenerateSessionTitleParams:
    """Which session."""

    session_id: str
    """The session's id."""
    force: bool = False
    """Whether the title may take the place of one that a person gave."""


@attrs.frozen(kw_only=True)
class GenerateSessionTitleResult:
    """The session as it is now."""

    session: SessionRow
    """Its row."""
    generated: bool
    """Whether its title is now the one made here; it may have been the same before."""
    reason: Literal["customTitle", "noText"] | None = None
    """Why it is not.

    customTitle: a person gave it one, and `force` was not set. noText: nobody has said anything yet that a title could
    be made of.
    """
    previous: dict[str, Any]
    """The person's title that was there before, or null for none; empty when nothing changed.

    Given back to sessions/update it undoes the change.
    """


@operation("sessions/generateTitle")
async def generate_session_title(services: Services, params: GenerateSessionTitleParams) -> GenerateSessionTitleResult:
    """Give a session a title made of its first words, by rule and without a model.

    The first turn with words counts; slash commands, what agents put around a prompt, attached files and blocks of code
    are left out. It has at most 50 characters on one line. A title that a person gave stays unless `force` is set.
    Errors: sessionNotFound, notSupported, discontinued, sessionBusy, sessionChangedOnDisk, pathRefused for a link out
    of the agent's home, noSpace, unreadable, unwritable, timedOut.
    """
    with services.changes.own_work():
        titled = await services.session_changes.generate_title(params.session_id, force=params.force)
        if titled.changed:
            services.changes.announce([params.session_id], "changed", "generateTitle")
    return GenerateSessionTitleResult(
        session=titled.row,
        generated=titled.reason is None,
        reason=titled.reason,
        previous={"title": titled.previous} if titled.changed else {},
    )
