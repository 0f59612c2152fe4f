"""The questions that are put to git about one folder, each one hardened program."""

import attrs

from forkpoint.model.failures import RepositoryRefused, TooLarge, Unreadable
from forkpoint.parsing import git_output
from forkpoint.parsing.git_output import TreeEntry
from forkpoint.stores.git_hardening import EMPTY_TREE, NUMSTAT, STATUS, WATCHED_SETTINGS, HardenedGit
from forkpoint.stores.git_program import GitProgram
from forkpoint.stores.git_runner import Finished

OUTPUT_LIMIT = 16 * 1024 * 1024
"""The most that one program may print, in bytes: some 150,000 changed files."""
SMALL_LIMIT = 256 * 1024
"""The most it may print when asked for one fact or for names of settings, in bytes."""
HEAD = b"HEAD"
NOTHING_FOUND = 1
"""The exit code of `git config` when no name matches, and of a quiet `git rev-parse` when there is no commit."""
FATAL = 128
"""The exit code of a git that gives up."""


@attrs.frozen
class GitQueries:
    """Git in one folder. Every question raises TimedOut, TooLarge, and Unreadable when git fails at it."""

    program: GitProgram
    git: HardenedGit
    timeout_ms: int
    """How long each program may run, in milliseconds."""

    async def disarmed(self) -> "GitQueries | None":
        """Give the same with the filters and drivers switched off that the repository's configuration names.

        None when it says that there is no working tree. Raises RepositoryRefused when it cannot be listed: unknown
        filters could not be switched off.
        """
        listed = await self._run(WATCHED_SETTINGS, SMALL_LIMIT)
        if listed.code not in (0, NOTHING_FOUND):
            reason = f"its configuration cannot be listed: {listed.complaint or listed.code}"
            raise RepositoryRefused(folder=self.git.root, reason=reason)
        settings = git_output.read_settings(listed.output)
        if self.git.repository.is_main and git_output.is_on(settings, b"core.bare"):
            return None
        names = [name for name, _ in settings]
        return attrs.evolve(self, git=self.git.knowing(names, self.program.user_settings))

    async def status(self) -> bytes:
        """Ask what differs between HEAD, index and working tree, for the branch, and for what is not in the index.

        The answer is for `git_output.read_status`; it can be long, so that it is not read here, on the loop.
        """
        return self._succeeded(await self._run(self._below(STATUS))).output

    async def line_counts(self) -> bytes:
        """Ask how many lines the working tree and HEAD differ by; before the first commit HEAD is an empty tree.

        The answer is for `git_output.read_numstat`.
        """
        finished = await self._run(self._below((*NUMSTAT, HEAD)))
        if finished.code == FATAL and not await self._has_commit():
            # The empty tree's id depends on the repository's hash, so git is asked for it.
            empty = self._succeeded(await self._run(EMPTY_TREE, SMALL_LIMIT)).output.strip()
            finished = await self._run(self._below((*NUMSTAT, empty)))
        return self._succeeded(finished).output

    async def entry_at_head(self, path: bytes) -> TreeEntry | None:
        """Ask what HEAD has at a path below the folder; None when nothing, or no commit."""
        full = self.git.prefix + path
        finished = await self._run((b"ls-tree", b"-z", b"-l", b"--full-tree", b"--", HEAD, full), SMALL_LIMIT)
        if finished.code == FATAL and not await self._has_commit():
            return None
        return git_output.read_tree_entry(self._succeeded(finished).output, full)

    async def blob(self, entry: TreeEntry, path: str, limit: int) -> bytes:
        """Ask for a blob's bytes as they are stored."""
        if entry.size is not None and entry.size > limit:
            raise TooLarge(what=f"{path} at HEAD", size=entry.size, limit=limit)
        return self._succeeded(await self._run((b"cat-file", b"blob", entry.object_id), limit)).output

    async def _has_commit(self) -> bool:
        return (await self._run((b"rev-parse", b"--verify", b"--quiet", HEAD), SMALL_LIMIT)).code != NOTHING_FOUND

    async def _run(self, command: tuple[bytes, ...], limit: int = OUTPUT_LIMIT) -> Finished:
        return await self.program.runner.run(
            self.git.arguments(command),
            self.git.environment(),
            timeout_ms=self.timeout_ms,
            limit=limit,
            what="git " + command[0].decode(),
        )

    def _below(self, command: tuple[bytes, ...]) -> tuple[bytes, ...]:
        return (*command, b"--", b".") if self.git.prefix else (*command, b"--")

    def _succeeded(self, finished: Finished) -> Finished:
        if finished.code == 0:
            return finished
        if finished.code < 0:
            raise Unreadable(path=self.git.root, reason=f"git was ended by signal {-finished.code}")
        raise Unreadable(path=self.git.root, reason=finished.complaint or f"git ended with code {finished.code}")
