"""What plugins keep with a session."""

from typing import Any

import attrs

from forkpoint.model.left_out import LEFT_OUT
from forkpoint.model.notes import LABEL_LIMIT, plugin_value_fault
from forkpoint.model.session import SessionRow
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services
from forkpoint.operations.session_fields import Faults
from forkpoint.stores.session_changes.extensions import Extension


@attrs.frozen(kw_only=True)
class SetSessionExtensionParams:
    """Which value of which plugin."""

    session_id: str
    """The session's id."""
    namespace: str
    """The plugin's own name, 1 to 512 characters."""
    key: str
    """The name of the value, 1 to 512 characters."""
    value: Any | None = LEFT_OUT
    """The value, any JSON, null too: at most 256 KiB of it, 32 levels deep, 4,096 values in all, 512 keys of one
    object, 65,536 characters of one text.
    """
    unset: bool = False
    """Remove the value instead; `value` is then absent or null."""
    if_revision: str | None = None
    """The `revision` the session must still have."""


@attrs.frozen(kw_only=True)
class PreviousExtension:
    """What was there before: as params, with the same names beside them, it undoes the change."""

    value: Any
    """The value; null with `unset`."""
    unset: bool
    """True when there was none."""


@attrs.frozen(kw_only=True)
class SetSessionExtensionResult:
    """The session as it is now."""

    session: SessionRow
    """Its row, with all `extensions`."""
    previous: PreviousExtension
    """What was there before."""


@operation("sessions/setExtension")
async def set_session_extension(services: Services, params: SetSessionExtensionParams) -> SetSessionExtensionResult:
    """Keep a value of a plugin with a session, or remove it; it lies in our notes, and goes and comes back with it.

    Errors: sessionNotFound, revisionMismatch, notSupported, discontinued, sessionBusy, noSpace, unreadable, unwritable,
    timedOut.
    """
    value = None if params.value is LEFT_OUT else params.value
    faults = Faults()
    for name in ("namespace", "key"):
        text: str = getattr(params, name)
        if not (text.strip() and len(text) <= LABEL_LIMIT):
            faults.add(name, f"must have 1 to {LABEL_LIMIT} characters, not blanks alone")
    if params.unset:
        faults.add("value", None if value is None else "must be absent when `unset` is true")
    elif params.value is LEFT_OUT:
        faults.add("value", "must be given, or `unset` be true")
    else:
        fault = plugin_value_fault(value)
        faults.add("value", None if fault is None else f"cannot be kept: {fault}")
    faults.raise_any()
    wanted = Extension(not params.unset, value)
    with services.changes.own_work():
        done = await services.session_changes.extend(
            params.session_id, params.namespace, params.key, wanted, params.if_revision
        )
        if done.changed:
            services.changes.announce([params.session_id], "changed", "setExtension")
    before = done.previous
    previous = PreviousExtension(value=before.value, unset=not before.there)
    return SetSessionExtensionResult(session=done.row, previous=previous)
