"""Every way in which a repository can make git run a program, each ready to be planted.

A vector is planted in a repository whose files differ from HEAD in content or only in their time; `fire` is a plain
git command that lets it run. All programs leave a mark in one file.
"""

import contextlib
import os
import pty
import select
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from tests.stores.git_sandbox import IDENTITY, Name, Sandbox, clean_environment

PATIENCE_S = 45.0
"""How long plain git may be silent before it is ended, in seconds."""
STATUS = ("status",)
NUMSTAT = ("diff", "--numstat", "HEAD")
PATCH = ("diff", "HEAD")
ODD_DRIVERS = ("a=b", "dotted.name", "UPPER", "grün", "with-dash_and/slash", "%$&;", "'", '"')


class HostileRepository(Sandbox):
    """A repository with changed files, and programs outside of it that leave a mark when they run."""

    def __init__(self, folder: Path, outside: Path) -> None:
        super().__init__(folder)
        self.outside = outside
        """The folder where the programs and their mark lie."""

    @classmethod
    def prepare(cls, place: Path) -> "HostileRepository":
        """Make the repository; a vector is planted next, then comes `disturb`."""
        repo = cls(place / "repo", place)
        Sandbox.make(repo.folder)
        repo.commit({name: b"%s\n" % name.encode() for name in ("f.txt", "g.txt", "sub/h.txt", "sub/gone.txt")})
        return repo

    @property
    def mark(self) -> Path:
        """The file that exists when something ran."""
        return self.outside / "mark"

    def program(self, name: str = "evil", then: str = "cat") -> str:
        """Write a program that leaves a mark and goes on as told, and give its path."""
        path = self.outside / name
        path.write_text(f'#!/bin/sh\necho {name} >> "{self.mark}"\n{then} 2>/dev/null\n')
        path.chmod(0o755)
        return str(path)

    def hook(self, folder: Path) -> None:
        """Plant every hook there is in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction", "fsmonitor-watchman"):
            hook = folder / name
            hook.unlink(missing_ok=True)
            hook.symlink_to(self.program(name, "true"))

    def attributes(self, line: str, place: str = ".gitattributes") -> None:
        """Give all text files an attribute."""
        self.append(place, f"*.txt {line}\n".encode())

    def disturb(self) -> None:
        """Change files, or only their times, so that git must look into them."""
        for name in ("f.txt", "sub/h.txt"):
            self.write(name, b"changed\n")
        os.unlink(self.at("sub/gone.txt"))
        self.write("loose.txt", b"loose\n")
        for name in ("f.txt", "g.txt", "sub/h.txt"):
            os.utime(self.at(name), ns=(1, 1))

    def fire(self, command: Sequence[Name]) -> None:
        """Run plain git on a terminal, since some programs run only there, and without waiting for ever."""
        ours, its = pty.openpty()
        environment = clean_environment() | IDENTITY | {"TERM": "dumb", "PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"}
        with subprocess.Popen(
            ["git", "-C", str(self.folder), *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=its,
            stderr=its,
            start_new_session=True,
        ) as child:
            os.close(its)
            drain(ours)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        os.close(ours)


def drain(terminal: int) -> None:
    """Read what a terminal says until nobody holds it any more."""
    while select.select([terminal], [], [], PATIENCE_S)[0]:
        try:
            if not os.read(terminal, 65536):
                return
        except OSError:  # Linux ends a terminal with EIO
            return


Plant = Callable[[HostileRepository], None]


@attrs.frozen
class Vector:
    """One way to be made to run something."""

    name: str
    plant: Plant
    fire: Sequence[str]


def setting(name: str, then: str = "cat") -> Plant:
    """Plant a program in one setting of the repository."""
    return lambda repo: repo.config(name, repo.program(then=then))


def driver(kind: str, key: str, name: str = "evil", places: Sequence[str] = (".gitattributes",)) -> Plant:
    """Plant a filter, diff or merge driver and the attribute that calls it."""

    def plant(repo: HostileRepository) -> None:
        repo.git("config", "--local", f"{kind}.{name}.{key}", repo.program())
        for place in places:
            repo.attributes(f"{kind}={name}", place)

    return plant


def hooks_in_git_dir(repo: HostileRepository) -> None:
    repo.hook(repo.folder / ".git" / "hooks")


def hooks_by_path(repo: HostileRepository) -> None:
    repo.hook(repo.folder / "tools" / "hooks")
    repo.config("core.hooksPath", "tools/hooks")


def required_filter(repo: HostileRepository) -> None:
    driver("filter", "clean")(repo)
    repo.config("filter.evil.required", "true")


def attributes_file(repo: HostileRepository) -> None:
    driver("filter", "clean", places=("../attributes",))(repo)
    repo.config("core.attributesFile", str(repo.outside / "attributes"))


def attributes_in_the_index(repo: HostileRepository) -> None:
    driver("filter", "clean")(repo)
    repo.git("add", ".gitattributes")
    os.unlink(repo.at(".gitattributes"))


def odd_spelling(repo: HostileRepository) -> None:
    program = repo.program()
    config = f'[FilTer "evil"]\n\tCLEAN = {program}\n[filter.Old]\n\tclean = {program}\n'
    repo.append(".git/config", f'{config}[diff "evil"] TEXTCONV = {program}\n'.encode())
    repo.attributes("filter=evil diff=evil")
    repo.attributes("filter=old", "sub/.gitattributes")


def odd_bytes(repo: HostileRepository) -> None:
    repo.append(".git/config", b'[filter "\xff\xfe"]\n\tclean = %s\n' % repo.program().encode())
    repo.write(".gitattributes", b"*.txt filter=\xff\xfe\n")


def worktree_config(repo: HostileRepository) -> None:
    repo.config("extensions.worktreeConfig", "true")
    repo.git("config", "--worktree", "filter.evil.clean", repo.program())
    repo.attributes("filter=evil")


def included(section: str) -> Plant:
    """Plant a filter in a file that the configuration includes on a condition that holds."""

    def plant(repo: HostileRepository) -> None:
        repo.write("more.cfg", b'[filter "evil"]\n\tclean = %s\n' % repo.program().encode())
        repo.config("remote.origin.url", "https://example.invalid/x")
        repo.append(".git/config", f"[{section}]\n\tpath = ../more.cfg\n".encode())
        repo.attributes("filter=evil")

    return plant


def partial_clone(address: str, key: str | None = None, **more: str) -> Plant:
    """Take the blobs away that HEAD needs, and name a remote that would bring them by running a program."""

    def plant(repo: HostileRepository) -> None:
        program = repo.program(then="true")
        for blob in repo.git("rev-parse", "HEAD:f.txt", "HEAD:g.txt", "HEAD:sub/h.txt").decode().split():
            os.unlink(repo.at(f".git/objects/{blob[:2]}/{blob[2:]}"))
        settings = {"core.repositoryformatversion": "1", "extensions.partialClone": "origin"}
        settings |= {"remote.origin.promisor": "true", "remote.origin.partialCloneFilter": "blob:none"}
        settings |= {"remote.origin.url": address.replace("PROGRAM", program).replace("HERE", str(repo.folder))}
        settings |= {"protocol.allow": "always", **({} if key is None else {key: program}), **more}
        for name, value in settings.items():
            repo.config(name, value)

    return plant


def submodule(plant_inside: Plant) -> Plant:
    """Plant something in a submodule."""

    def plant(repo: HostileRepository) -> None:
        library = Sandbox.make(repo.outside / "library")
        library.commit({"inner.txt": b"inner\n"})
        repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library.folder), "module")
        repo.commit()
        inside = HostileRepository(repo.folder / "module", repo.outside)
        inside.write("inner.txt", b"other\n")
        plant_inside(inside)

    return plant


def hooks_of_the_submodule(inside: HostileRepository) -> None:
    inside.hook(inside.folder.parent / ".git" / "modules" / "module" / "hooks")
    inside.write("inner.txt", b"inner\n")
    os.utime(inside.at("inner.txt"), ns=(1, 1))


def merge_driver(repo: HostileRepository) -> None:
    driver("merge", "driver")(repo)
    repo.commit({"m.txt": b"base\n"})
    repo.git("checkout", "-q", "-b", "other")
    repo.commit({"m.txt": b"theirs\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"m.txt": b"ours\n"})


def shell_alias(repo: HostileRepository) -> None:
    for name in ("status", "diff", "config", "ls-tree", "cat-file", "evil"):
        repo.config(f"alias.{name}", "!" + repo.program(then="true"))


def credential_helper(repo: HostileRepository) -> None:
    repo.config("credential.helper", repo.program(then="true"))


VECTORS = [
    Vector("fsmonitor", setting("core.fsmonitor", "true"), STATUS),
    Vector("hooks in the git directory", hooks_in_git_dir, STATUS),
    Vector("hooks by core.hooksPath", hooks_by_path, STATUS),
    Vector("external diff", setting("diff.external"), PATCH),
    Vector("diff driver command", driver("diff", "command"), PATCH),
    Vector("textconv", driver("diff", "textconv"), PATCH),
    Vector("clean filter", driver("filter", "clean"), NUMSTAT),
    Vector("required clean filter", required_filter, NUMSTAT),
    Vector("process filter", driver("filter", "process"), NUMSTAT),
    Vector("smudge filter", driver("filter", "smudge"), ("cat-file", "--filters", "HEAD:f.txt")),
    Vector("merge driver", merge_driver, ("merge", "-s", "recursive", "other")),
    Vector("attributes in a subfolder", driver("filter", "clean", places=("sub/.gitattributes",)), NUMSTAT),
    Vector("attributes in info", driver("filter", "clean", places=(".git/info/attributes",)), NUMSTAT),
    Vector("attributes by core.attributesFile", attributes_file, NUMSTAT),
    Vector("attributes only in the index", attributes_in_the_index, NUMSTAT),
    *(Vector(f"driver named {name}", driver("filter", "clean", name), NUMSTAT) for name in ODD_DRIVERS),
    Vector("driver named by odd bytes", odd_bytes, NUMSTAT),
    Vector("sections in odd spelling", odd_spelling, NUMSTAT),
    Vector("worktree configuration", worktree_config, NUMSTAT),
    Vector("include.path", included("include"), NUMSTAT),
    Vector("includeIf gitdir", included('includeIf "gitdir:**"'), NUMSTAT),
    Vector("includeIf onbranch", included('includeIf "onbranch:main"'), NUMSTAT),
    Vector("includeIf hasconfig", included('includeIf "hasconfig:remote.*.url:https://**"'), NUMSTAT),
    Vector("partial clone by ext::", partial_clone("ext::PROGRAM", **{"protocol.ext.allow": "always"}), NUMSTAT),
    Vector("partial clone by upload-pack", partial_clone("HERE", "remote.origin.uploadpack"), NUMSTAT),
    Vector("partial clone by core.sshCommand", partial_clone("ssh://example.invalid/x", "core.sshCommand"), NUMSTAT),
    Vector("partial clone by core.gitProxy", partial_clone("git://example.invalid/x", "core.gitProxy"), NUMSTAT),
    Vector("submodule with a filter", submodule(driver("filter", "clean")), NUMSTAT),
    Vector("submodule with an fsmonitor", submodule(setting("core.fsmonitor", "true")), STATUS),
    Vector("submodule with hooks", submodule(hooks_of_the_submodule), STATUS),
    Vector("core.pager", setting("core.pager"), ("log",)),
    Vector("pager of one command", setting("pager.status"), STATUS),
    Vector("core.editor", setting("core.editor", "true"), ("commit", "--allow-empty")),
    Vector(
        "credential.helper",
        credential_helper,
        ("-c", "alias.ask=!echo url=https://x.invalid | git credential fill", "ask"),
    ),
    Vector("alias", shell_alias, ("evil",)),
]
