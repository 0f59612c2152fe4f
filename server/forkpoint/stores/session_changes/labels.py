"""Labels, of which no two sessions have the same."""

from collections.abc import Sequence

from forkpoint.model.failures import LabelInUse
from forkpoint.stores.state.own_state import OwnState


def lease_of(label: str | None) -> Sequence[str]:
    """Give the lease under which a label is given away, beside that of the session that gets it."""
    return () if label is None else (f"label {label}",)


def require_free(state: OwnState, label: str | None, session_id: str | None) -> None:
    """Refuse a label that another session has; its lease is held. Raises LabelInUse."""
    holder = None if label is None else state.notes.holder_of(label)
    if label is not None and holder is not None and holder != session_id:
        raise LabelInUse(label=label, session_id=holder)
