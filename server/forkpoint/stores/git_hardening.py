"""The arguments and the environment under which git executes nothing that a repository names.

A repository's configuration can name programs: file system monitors, hooks, filters, diff drivers, text
converters, remote helpers, pagers. Each is switched off here by a variable, by a setting on the command line, which
beats every file, or by an argument of the command itself. Filters have no switch, so each driver that the
repository's configuration names is given empty commands. `tests/stores/test_git_hostile.py` plants every one.
"""

import os
from collections.abc import Mapping, Sequence

import attrs

from forkpoint.model.failures import RepositoryRefused
from forkpoint.parsing.git_output import driver_names
from forkpoint.stores.repositories import Repository

NULL = os.fsencode(os.devnull)
MAX_DRIVERS = 1000
"""A repository that names more drivers than this is refused: every override costs room in the environment."""

DROPPED_VARIABLES = frozenset({b"SSH_ASKPASS", b"PAGER", b"EDITOR", b"VISUAL"})
FIXED_VARIABLES: Mapping[bytes, bytes] = {
    b"GIT_OPTIONAL_LOCKS": b"0",
    b"GIT_TERMINAL_PROMPT": b"0",
    b"GIT_ALLOW_PROTOCOL": b"",
    b"GIT_NO_LAZY_FETCH": b"1",
    b"GIT_NO_REPLACE_OBJECTS": b"1",
    b"GIT_ATTR_NOSYSTEM": b"1",
    b"GIT_CONFIG_NOSYSTEM": b"1",
    b"GIT_CONFIG_GLOBAL": NULL,
    b"GIT_LITERAL_PATHSPECS": b"1",
    b"GIT_PAGER": b"cat",
    b"GIT_EDITOR": b":",
    b"GIT_ASKPASS": b"",
    b"SSH_ASKPASS": b"",
    b"GIT_SSH_COMMAND": b"false",
    b"LC_ALL": b"C",
}
FIXED_SETTINGS: Sequence[bytes] = (
    b"core.fsmonitor=false",
    b"core.hooksPath=" + NULL,
    b"core.attributesFile=" + NULL,
    b"core.pager=cat",
    b"core.sshCommand=false",
    b"core.gitProxy=",
    b"core.alternateRefsCommand=",
    b"core.askPass=",
    b"core.editor=:",
    b"core.quotePath=false",
    b"protocol.allow=never",
    b"credential.helper=",
    b"diff.external=",
    b"diff.autoRefreshIndex=false",
    b"diff.orderFile=" + NULL,
    b"diff.relative=false",
    b"diff.renames=true",
    b"diff.renameLimit=1000",
    b"diff.ignoreSubmodules=all",
    b"diff.submodule=short",
    b"diff.algorithm=default",
    b"submodule.recurse=false",
    b"status.submoduleSummary=false",
    b"log.showSignature=false",
    b"safe.bareRepository=explicit",
    b"feature.manyFiles=false",
)
WATCHED_SETTINGS = (
    *(b"config", b"--includes", b"-z", b"--get-regexp"),
    rb"^(filter|diff|merge)\.|^core\.(bare|excludesfile|autocrlf|eol)$",
)
"""Asks for drivers to switch off, for what a repository sets in place of its user, and whether it is bare."""
NUMSTAT = (
    *(b"diff", b"--numstat", b"-z", b"-M", b"--no-ext-diff", b"--no-textconv", b"--no-relative", b"--no-color"),
    b"--ignore-submodules=all",
)
STATUS = (
    *(b"status", b"--porcelain=v2", b"--branch", b"--ahead-behind", b"-z", b"-uall", b"--no-renames"),
    b"--ignore-submodules=all",
)
EMPTY_TREE = (b"hash-object", b"-t", b"tree", b"--stdin")
"""Gives the id of what stdin holds, which is nothing, as a tree; nothing is written."""
USER_SETTINGS = (b"config", b"--includes", b"-z", b"--get-regexp", rb"^core\.(excludesfile|autocrlf|eol)$")

USER_FILES = (b"GIT_CONFIG_GLOBAL", b"GIT_CONFIG_SYSTEM", b"GIT_CONFIG_NOSYSTEM")
"""Variables by which a user says where the own settings lie."""

_EMPTIED: Mapping[bytes, Sequence[tuple[bytes, bytes]]] = {
    b"filter": ((b"clean", b""), (b"smudge", b""), (b"process", b""), (b"required", b"false")),
    b"diff": ((b"command", b""), (b"textconv", b"")),
    b"merge": ((b"driver", b""),),
}


@attrs.frozen
class HardenedGit:
    """Git in one folder of one repository."""

    root: str
    """The folder the commands are about."""
    repository: Repository
    overrides: tuple[tuple[bytes, bytes], ...] = ()
    """Settings that empty what the repository's configuration names."""
    user_settings: tuple[bytes, ...] = ()
    """The user's own `name=value` settings, which the switches above would lose."""

    @property
    def prefix(self) -> bytes:
        """The root's path below the top level, with a slash at its end; empty at the top level."""
        below = os.path.relpath(self.root, self.repository.top)
        return b"" if below == os.curdir else os.fsencode(below) + b"/"

    def arguments(self, command: Sequence[bytes]) -> list[bytes]:
        """Give everything after the program's name."""
        options = [b"--no-pager", b"--no-optional-locks", b"--no-replace-objects", b"--literal-pathspecs"]
        options += [b"-C", os.fsencode(self.root)]
        for setting in (*FIXED_SETTINGS, *self.user_settings):
            options += [b"-c", setting]
        return [*options, *command]

    def environment(self) -> dict[bytes, bytes]:
        """Give the whole environment: the parent's without what steers git, and ours.

        The working tree is named, since `core.worktree` could point git at any folder; the git directory is not,
        since git then skips its own check of who owns it.
        """
        top = os.fsencode(self.repository.top)
        environment = _without_git(os.environb)
        environment |= FIXED_VARIABLES
        environment |= {b"GIT_CEILING_DIRECTORIES": os.path.dirname(top), b"GIT_WORK_TREE": top}
        environment[b"GIT_CONFIG_COUNT"] = b"%d" % len(self.overrides)
        for number, (name, value) in enumerate(self.overrides):
            environment[b"GIT_CONFIG_KEY_%d" % number] = name
            environment[b"GIT_CONFIG_VALUE_%d" % number] = value
        return environment

    def knowing(self, names: Sequence[bytes], user_settings: Sequence[bytes]) -> "HardenedGit":
        """Give the same with every driver among the repository's setting names emptied.

        A setting of the user's is passed unless the repository sets it too. Raises RepositoryRefused when there
        are more drivers than can be emptied.
        """
        overrides: list[tuple[bytes, bytes]] = []
        for section, emptied in _EMPTIED.items():
            drivers = driver_names(names, section)
            if len(drivers) > MAX_DRIVERS:
                raise RepositoryRefused(
                    folder=self.root, reason=f"it names over {MAX_DRIVERS} {section.decode()} drivers"
                )
            overrides += [(b"%s.%s.%s" % (section, driver, key), value) for driver in drivers for key, value in emptied]
        own = {name.lower() for name in names}
        kept = tuple(setting for setting in user_settings if setting.partition(b"=")[0] not in own)
        return attrs.evolve(self, overrides=tuple(overrides), user_settings=kept)


def outside_environment() -> dict[bytes, bytes]:
    """Give the environment that asks git about the user's own settings, outside any repository."""
    environment = _without_git(os.environb)
    environment |= {name: os.environb[name] for name in USER_FILES if name in os.environb}
    return environment | {b"GIT_DIR": NULL, b"GIT_TERMINAL_PROMPT": b"0", b"LC_ALL": b"C"}


def _without_git(environment: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(b"GIT_") and name not in DROPPED_VARIABLES
    }
