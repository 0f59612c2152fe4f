"""The git program of this machine: where it is, whether it is new enough, what its user has set."""

import os
import re
from collections.abc import Sequence

import attrs

from forkpoint.model.failures import NotSupported
from forkpoint.parsing.git_output import read_settings
from forkpoint.stores.git_hardening import USER_SETTINGS, outside_environment
from forkpoint.stores.git_runner import Finished, GitRunner, find_git

OLDEST_VERSION = (2, 32)
"""The first git whose environment can replace every configuration file and override any setting."""
OUTPUT_LIMIT = 64 * 1024
"""The most it may print here, in bytes."""

_VERSION = re.compile(rb"git version (\d{1,6})\.(\d{1,6})")


@attrs.frozen
class GitProgram:
    """A git that can be hardened."""

    runner: GitRunner
    user_settings: tuple[bytes, ...]
    """The user's own ignore file and line endings as `name=value`, read once."""


async def usable_git(timeout_ms: int) -> GitProgram:
    """Find git and ask it for its version and the user's settings. Raises NotSupported, TimedOut."""
    if not hasattr(os, "environb"):
        raise NotSupported(capability="git", reason="git is not run on this platform yet")
    path = find_git()
    if path is None:
        raise NotSupported(capability="git", reason="there is no program `git` on PATH")
    runner = GitRunner(path)
    told = await _ask(runner, (b"--version",), timeout_ms)
    version = _VERSION.match(told.output)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_VERSION:
        wanted = ".".join(map(str, OLDEST_VERSION))
        raise NotSupported(capability="git", reason=f"{path} is not git {wanted} or newer")
    settings = await _ask(runner, USER_SETTINGS, timeout_ms)
    return GitProgram(runner, _assignments(settings.output) if settings.code == 0 else ())


async def _ask(runner: GitRunner, arguments: Sequence[bytes], timeout_ms: int) -> Finished:
    return await runner.run(
        arguments, outside_environment(), timeout_ms=timeout_ms, limit=OUTPUT_LIMIT, what="git " + arguments[0].decode()
    )


def _assignments(raw: bytes) -> tuple[bytes, ...]:
    """Turn settings into arguments of `-c`; a name alone means true there too."""
    return tuple(name if value is None else name + b"=" + value for name, value in read_settings(raw))
