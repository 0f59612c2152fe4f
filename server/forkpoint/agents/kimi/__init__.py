"""Kimi CLI: sessions of the Python agent `kimi-cli`, in `~/.kimi`."""

from collections.abc import Sequence

from forkpoint.agents.adapter import (
    AgentInfo,
    Arrangement,
    Ask,
    Candidate,
    Discovery,
    Disk,
    Environment,
    Home,
    Reader,
)
from forkpoint.agents.kimi import arranging, layout
from forkpoint.agents.kimi.context import ContextReader
from forkpoint.agents.kimi.reading import WireReader
from forkpoint.agents.kimi.writing.writer import KimiWriter
from forkpoint.agents.writing import Writer
from forkpoint.model.session import Resume


class KimiAdapter:
    """The format of kimi-cli 1.49 and of the versions before it, back to wire protocol 1.0."""

    info = AgentInfo(
        id="kimi",
        title="Kimi CLI",
        icon="sparkle",
        capabilities=frozenset({"archive", "titles", "compaction", "subagents", "usage"}),
        fields={
            "planMode": "true while the agent only plans",
            "additionalDirs": "further folders the session works in",
            "autoArchiveExempt": "true when a person took it out of the archive, so that age does not put it back",
            "todos": "the agent's list of tasks, each with title and status (pending, in_progress, done)",
            "imported": "true for a session brought in by `kimi vis`",
            "kaos": "the kind of machine its work folder is on, when that is not this one",
            "name": "the name it was started under with `kimi --session NAME`",
        },
        # What the agent keeps itself it would write over, and its approvals and folders are not ours to widen.
        writable_fields={"autoArchiveExempt": "boolean"},
        compaction_kinds=frozenset({"CompactionBegin"}),
    )

    writer: Writer | None = KimiWriter()

    def homes(self, environment: Environment) -> Sequence[Home]:
        """Give the share folder."""
        return layout.homes(environment)

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        """Find the sessions of a share folder."""
        return layout.discover(home, disk, known_folders)

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        """Lay out one session."""
        return arranging.arrange(candidate, disk)

    def reader(self, arrangement: Arrangement) -> Reader:
        """Give the reader of the shown part."""
        return WireReader() if arrangement.facts == arranging.WIRE else ContextReader()

    def resume(self, candidate: Candidate) -> Resume | None:
        """Continue by name in its work folder; not for a folder that is unknown or on another machine.

        Not for one that was moved either: `kimi` looks under the MD5 of the folder it is started in, and begins an
        empty session of that name where there is none. A name that begins with a dash would be read as an option.
        """
        if candidate.work_dir is None or candidate.remote is not None or candidate.moved_from is not None:
            return None
        if candidate.native_id.startswith("-"):
            return None
        return Resume(command=["kimi", "--session", candidate.native_id], cwd=candidate.work_dir)


ADAPTER = KimiAdapter()
