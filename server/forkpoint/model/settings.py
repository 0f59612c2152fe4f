"""What a user can set, with defaults, and how values from outside are taken."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeGuard

import attrs

GuardLevel = Literal["standard", "public"]
ScopeName = Literal["read", "write", "admin"]

SECTION = "forkpoint"
"""The section of an editor's configuration that holds the settings."""


@attrs.frozen(kw_only=True)
class Settings:
    """The settings this version knows."""

    homes: Mapping[str, tuple[str, ...]] = attrs.Factory(dict[str, tuple[str, ...]])
    """`homes`: for an agent id, the folders its sessions lie under, in place of the agent's own; only at start."""
    read_only: bool = False
    """`readOnly`: refuses every call that changes something, whatever the scopes."""
    scopes: frozenset[str] = frozenset({"read", "write"})
    """`scopes`: what calls are allowed, of read, write and admin."""
    trusted: bool = True
    """`trusted`: false for a workspace that is not, which is only read, with the public guard; raised only at start."""
    guard: GuardLevel = "standard"
    """`guard`: the path guard for file reads; `public` also refuses hidden and deep paths."""
    max_read_bytes: int = 10 * 1024 * 1024
    """`maxReadBytes`: the most one files/read answers, in bytes."""
    git_timeout_ms: int = 10_000
    """`git.timeoutMs`: how long one git program may run, in milliseconds."""

    @property
    def effective_guard(self) -> GuardLevel:
        """The guard in force: a workspace that is not trusted always gets `public`."""
        return self.guard if self.trusted else "public"


@attrs.frozen(kw_only=True)
class BadSetting:
    """A value that was not taken; the one before it stays in force."""

    name: str
    """The setting's full name, such as `git.timeoutMs`; empty for the settings as a whole."""
    reason: str
    """What is wrong with it, as the end of a sentence."""

    def sentence(self) -> str:
        """One sentence for a person."""
        return f"Setting `{self.name}` {self.reason}." if self.name else f"The settings {self.reason}."


Changes = dict[str, Any]
"""Fields of `Settings` with their new values."""


def read_settings(given: Any, base: Settings, *, at_start: bool) -> tuple[Settings, list[BadSetting]]:
    """Give the settings with `given` laid over `base`, and every value that was not taken.

    `given` is untrusted JSON; null stands for absent, and settings of other versions are passed over. `homes`, and
    raising `trusted`, are taken only at start: what comes later may stem from a settings file of the workspace.
    """
    if given is None:
        return base, []
    if not _is_object(given):
        return base, [BadSetting(name="", reason="must be an object")]
    changes: Changes = {}
    bad: list[BadSetting] = []
    for name, field, take in _SETTINGS:
        group, _, last = name.rpartition(".")
        holder = given.get(group) if group else given
        if holder is None:
            continue
        if not _is_object(holder):
            bad.append(BadSetting(name=group, reason="must be an object"))
            continue
        if (value := holder.get(last)) is None:
            continue
        try:
            changes[field] = take(value)
        except ValueError as fault:
            bad.append(BadSetting(name=name, reason=str(fault)))
    if not at_start:
        bad += _withhold(changes, base)
    return attrs.evolve(base, **changes), bad


def _withhold(changes: Changes, base: Settings) -> list[BadSetting]:
    """Take out of `changes` what counts only at start, and name it."""
    bad: list[BadSetting] = []
    if changes.pop("homes", base.homes) not in (base.homes, {}):
        bad.append(BadSetting(name="homes", reason="is taken only when the server starts; restart it"))
    if changes.get("trusted") and not base.trusted:
        bad.append(BadSetting(name="trusted", reason="can be raised only when the server starts; restart it"))
        del changes["trusted"]
    return bad


# --- one reader per form of value; each raises ValueError with what must be so ------------------------------------


def _homes(value: Any) -> dict[str, tuple[str, ...]]:
    if not _is_object(value):
        raise ValueError("must be an object of agent ids and folders")
    return {agent: _folders(agent, folders) for agent, folders in value.items()}


def _folders(agent: str, value: Any) -> tuple[str, ...]:
    folders: Sequence[Any] = value if _is_list(value) else [value]
    if not all(isinstance(folder, str) and folder.startswith(("/", "~")) for folder in folders):
        raise ValueError(f"must give `{agent}` an absolute folder or a list of them")
    return tuple(folders)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _scopes(value: Any) -> frozenset[str]:
    if not _is_list(value) or not all(isinstance(name, str) and name in ("read", "write", "admin") for name in value):
        raise ValueError("must be a list of read, write and admin")
    return frozenset(value)


def _guard(value: Any) -> GuardLevel:
    if value == "standard" or value == "public":
        return value
    raise ValueError("must be `standard` or `public`")


def _positive(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError("must be a whole number above 0")
    return value


_SETTINGS: Sequence[tuple[str, str, Callable[[Any], Any]]] = (
    ("homes", "homes", _homes),
    ("readOnly", "read_only", _flag),
    ("scopes", "scopes", _scopes),
    ("trusted", "trusted", _flag),
    ("guard", "guard", _guard),
    ("maxReadBytes", "max_read_bytes", _positive),
    ("git.timeoutMs", "git_timeout_ms", _positive),
)
"""Each setting's full name, its field, and how its value is taken."""


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
