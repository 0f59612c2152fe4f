"""Where our own files lie: state that must not be lost, and a cache that may go at any time."""

import os
from collections.abc import Mapping

import attrs

STATE_VARIABLE = "FORKPOINT_STATE_DIR"
CACHE_VARIABLE = "FORKPOINT_CACHE_DIR"


@attrs.frozen(kw_only=True)
class OwnFolders:
    """Two folders that need not exist; whoever writes the first file makes them, with mode 0700."""

    state: str
    """Absolute; notes, trash and our own sessions."""
    cache: str
    """Absolute; what can be made again."""


def own_folders(variables: Mapping[str, str] = os.environ) -> OwnFolders:
    """Give the folders that the variables name, else the platform's own for this user.

    A variable that is empty or names no absolute path, `~` resolved, counts as not set.
    """
    # Imported here: asking the platform is needed once, and not before the first answer.
    from platformdirs import user_cache_dir, user_state_dir

    return OwnFolders(
        state=_named(variables, STATE_VARIABLE) or user_state_dir("forkpoint", appauthor=False),
        cache=_named(variables, CACHE_VARIABLE) or user_cache_dir("forkpoint", appauthor=False),
    )


def _named(variables: Mapping[str, str], name: str) -> str | None:
    path = os.path.expanduser(variables.get(name, ""))
    return os.path.normpath(path) if os.path.isabs(path) and "\0" not in path else None
