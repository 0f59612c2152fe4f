"""Asking to be told of changes, and to be told no more."""

import attrs

from forkpoint.model.entry import Entry
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class SubscribeSessionsParams:
    """From where on."""

    revision: str | None = None
    """`revision` of a list or a notice: what came after it is told too. Absent: from now on."""


@attrs.frozen(kw_only=True)
class SubscribeSessionsResult:
    """The subscription."""

    subscribed: bool
    """True: sessions/changed and git/changed are sent from now on, as long as the connection lasts."""
    revision: str
    """The position as it is now."""


@attrs.frozen(kw_only=True)
class UnsubscribeSessionsParams:
    """Nothing."""


@attrs.frozen(kw_only=True)
class UnsubscribedResult:
    """The end of a subscription."""

    subscribed: bool
    """False: nothing more is sent."""


@attrs.frozen(kw_only=True)
class SubscribeMessagesParams:
    """Which session, and what of it the client has."""

    session_id: str
    """The session's id."""
    after: str | None = None
    """The last entry that the client has, such as the last one of a replay; empty when it has none.

    Absent: only what comes from now on.
    """


@attrs.frozen(kw_only=True)
class SubscribeMessagesResult:
    """The subscription, and what came after the last entry that the client has."""

    subscribed: bool
    """Whether sessions/message is sent from now on, for what comes after `lastEntryId`.

    False when there is more than fits here: ask again with `after` as `lastEntryId`.
    """
    session_id: str
    """The session."""
    entries: list[Entry]
    """The entries after `after`, oldest first."""
    updated: list[Entry]
    """Entries up to `after` that may say more than when the client got them."""
    last_entry_id: str | None = None
    """The newest entry that the client has now; absent while there is none."""


@attrs.frozen(kw_only=True)
class UnsubscribeMessagesParams:
    """Which session."""

    session_id: str
    """The session's id; one that nobody subscribed to is no mistake."""


@operation("sessions/subscribe")
async def subscribe_sessions(services: Services, params: SubscribeSessionsParams) -> SubscribeSessionsResult:
    """Be told of sessions that come, go and change, by whatever program, with sessions/changed.

    With the `revision` of a list nothing is lost in between: a change that the list may not show is told.
    """
    return SubscribeSessionsResult(subscribed=True, revision=services.live.subscribe(params.revision))


@operation("sessions/unsubscribe")
async def unsubscribe_sessions(services: Services, params: UnsubscribeSessionsParams) -> UnsubscribedResult:
    """Be told no more of changed sessions, even if `initialize` named the notification."""
    await services.live.unsubscribe()
    return UnsubscribedResult(subscribed=False)


@operation("messages/subscribe")
async def subscribe_messages(services: Services, params: SubscribeMessagesParams) -> SubscribeMessagesResult:
    """Be told of a session's entries as they are written, with sessions/message, after the last one of a replay.

    Nothing is left out and nothing comes twice between the replay, this reply and the notices. Subscribing again
    to the same session replaces the subscription.
    Errors: sessionNotFound; entryNotFound when `after` is not on the current path; discontinued.
    """
    tail, last = await services.live.follow(params.session_id, params.after)
    return SubscribeMessagesResult(
        subscribed=not tail.more,
        session_id=params.session_id,
        entries=[*tail.entries],
        updated=[*tail.updated],
        last_entry_id=last,
    )


@operation("messages/unsubscribe")
async def unsubscribe_messages(services: Services, params: UnsubscribeMessagesParams) -> UnsubscribedResult:
    """Be told no more of a session's entries."""
    await services.live.unfollow(params.session_id)
    return UnsubscribedResult(subscribed=False)
