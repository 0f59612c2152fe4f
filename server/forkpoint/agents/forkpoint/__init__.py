"""Our own sessions, for which no agent is needed: session files that pi, pi_agent_rust and OpenClaw open too.

Source: pi coding-agent 0.87.1 `docs/session.md`.
"""

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
from forkpoint.agents.forkpoint import layout
from forkpoint.agents.formats.pi_v3 import session_files
from forkpoint.agents.formats.pi_v3.reading import V3Reader
from forkpoint.agents.formats.pi_v3.writing.writer import V3Writer
from forkpoint.agents.writing import Writer
from forkpoint.model.session import Resume


class ForkpointAdapter:
    """Reads and writes the embedded store."""

    info = AgentInfo(
        id="forkpoint",
        title="Forkpoint",
        icon="repo-forked",
        capabilities=frozenset({"titles", "tree", "compaction", "usage"}),
        fields=session_files.FIELDS,
        compaction_kinds=session_files.COMPACTION_KINDS,
    )
    writer: Writer | None = V3Writer(layout.new_session_folder, layout.fork_folder)

    def homes(self, environment: Environment) -> Sequence[Home]:
        """A folder of our state folder."""
        return layout.homes(environment)

    def discover(self, home: Home, disk: Disk, known_folders: Sequence[str]) -> Ask | Discovery:
        """Find every session file; the header's folder counts, not the name of the one it lies in."""
        return layout.discover(home, disk)

    def arrange(self, candidate: Candidate, disk: Disk) -> Ask | Arrangement:
        """Lay out one session: one file is all of it. Raises Discontinued for version 4."""
        return session_files.arrange(candidate, disk)

    def reader(self, arrangement: Arrangement) -> Reader:
        """Give the reader of an arranged session."""
        return V3Reader(arrangement.facts)

    def resume(self, candidate: Candidate) -> Resume | None:
        """None: no agent of this name goes on with it."""
        return None


ADAPTER = ForkpointAdapter()
