"""What a user can set, with defaults, and how values from outside are taken."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeGuard

import attrs

GuardLevel = Literal["standard", "public"]
WatchMode = Literal["on", "off", "polling"]
ScopeName = Literal["read", "write", "admin"]

SECTION = "forkpoint"
"""The section of an editor's configuration that holds the settings."""
MOST_DAYS = 36_500
"""The longest time that a setting gives in days: a hundred years."""


@attrs.frozen(kw_only=True)
class Settings:
    """The settings this version knows."""

    homes: Mapping[str, tuple[str, ...]] = attrs.Factory(dict[str, tuple[str, ...]])
    """`homes`: for an agent id, the folders its sessions lie under, in place of the agent's own; only at start."""
    read_only: bool = False
    """`readOnly`: refuses every call that changes something, whatever the scopes; taken back only at start."""
    scopes: frozenset[str] = frozenset({"read", "write"})
    """`scopes`: what calls are allowed, of read, write and admin; after the start only fewer."""
    trusted: bool = True
    """`trusted`: false for a workspace that is not, which is only read, with the public guard; raised only at start."""
    guard: GuardLevel = "standard"
    """`guard`: the path guard for file reads; `public` also refuses hidden and deep paths; taken back only at start."""
    max_read_bytes: int = 10 * 1024 * 1024
    """`maxReadBytes`: the most one files/read answers, in bytes."""
    git_timeout_ms: int = 10_000
    """`git.timeoutMs`: how long one git program may run, in milliseconds."""
    uploads_max_bytes: int = 100 * 1024 * 1024
    """`uploads.maxBytes`: the largest file that uploads/add takes, in bytes."""
    watch: WatchMode = "on"
    """`watch`: how changes on disk are noticed: by the system's notices (on), by looking (polling) or not at all."""
    auto_archive_days: int = 15
    """`autoArchive.days`: after so many days without work a session is archived; 0 for never; after the start only more
    days, or 0."""
    trash_days: int = 30
    """`trash.days`: how many days a deleted session can be restored before it goes for good; after the start only
    more."""

    @property
    def may_write(self) -> bool:
        """Whether anything may be changed at all."""
        return not self.read_only and self.trusted and "write" in self.scopes

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
    whatever lets more be written or lost than at start, are taken only at start: what comes later may stem from a
    settings file of the workspace.
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
    for name, field, narrow in _NARROWED:
        given = changes.get(field)
        if given is not None and (narrowed := narrow(given, getattr(base, field))) != given:
            bad.append(BadSetting(name=name, reason="can allow more only when the server starts; restart it"))
            changes[field] = narrowed
    return bad


def _no_sooner(days: int, before: int) -> int:
    """Sessions are not archived earlier than the start said, where 0 is never."""
    return before if days and (before == 0 or days < before) else days


_NARROWED: Sequence[tuple[str, str, Callable[[Any, Any], Any]]] = (
    ("trusted", "trusted", lambda now, before: now and before),
    ("readOnly", "read_only", lambda now, before: now or before),
    ("scopes", "scopes", lambda now, before: now & before),
    ("guard", "guard", lambda now, before: before if before == "public" else now),
    ("autoArchive.days", "auto_archive_days", _no_sooner),
    ("trash.days", "trash_days", max),
)
"""Each setting that can only be narrowed later, its field, and what a value comes to beside the one at the start."""


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


def _watch(value: Any) -> WatchMode:
    if value == "on" or value == "off" or value == "polling":
        return value
    raise ValueError("must be `on`, `off` or `polling`")


def _positive(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError("must be a whole number above 0")
    return value


def _days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
        raise ValueError(f"must be a whole number from 0 to {MOST_DAYS}")
    return value


def _some_days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_DAYS:
        raise ValueError(f"must be a whole number from 1 to {MOST_DAYS}")
    return value


_SETTINGS: Sequence[tuple[str, str, Callable[[Any], Any]]] = (
    ("homes", "homes", _homes),
    ("readOnly", "read_only", _flag),
    ("scopes", "scopes", _scopes),
    ("trusted", "trusted", _flag),
    ("guard", "guard", _guard),
    ("maxReadBytes", "max_read_bytes", _positive),
    ("git.timeoutMs", "git_timeout_ms", _positive),
    ("uploads.maxBytes", "uploads_max_bytes", _positive),
    ("watch", "watch", _watch),
    ("autoArchive.days", "auto_archive_days", _days),
    ("trash.days", "trash_days", _some_days),
)
"""Each setting's full name, its field, and how its value is taken."""


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
