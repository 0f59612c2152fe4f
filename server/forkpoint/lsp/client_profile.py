"""What `initialize` tells about the client, as plain values; pure."""

from collections.abc import Mapping
from typing import Any

import attrs

from forkpoint.lsp.json_values import is_array, is_whole, member_at
from forkpoint.lsp.workspace_folders import first_folders


@attrs.frozen(kw_only=True)
class ClientProfile:
    """One client."""

    process_id: int | None
    """The process that must be alive for us to stay; None when the client names none."""
    folders: list[str]
    """The workspace folders at start, as paths."""
    options: Any
    """`initializationOptions` as they came."""
    notifications: frozenset[str]
    """The notifications of ours that it named."""
    answers_configuration: bool
    """Whether it answers `workspace/configuration`."""
    registers_configuration: bool
    """Whether it tells of changed settings only to a server that registers for them."""


def read_profile(params: Mapping[str, Any]) -> ClientProfile:
    """Read the params of `initialize`; what has the wrong form counts as absent."""
    process_id = params.get("processId")
    named = member_at(params, "capabilities", "experimental", "forkpoint", "notifications")
    return ClientProfile(
        process_id=process_id if is_whole(process_id) and process_id > 0 else None,
        folders=first_folders(params),
        options=params.get("initializationOptions"),
        notifications=frozenset(name for name in named if isinstance(name, str)) if is_array(named) else frozenset(),
        answers_configuration=member_at(params, "capabilities", "workspace", "configuration") is True,
        registers_configuration=(
            member_at(params, "capabilities", "workspace", "didChangeConfiguration", "dynamicRegistration") is True
        ),
    )
