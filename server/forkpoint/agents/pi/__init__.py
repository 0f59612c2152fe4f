"""pi, and pi_agent_rust, which writes the same files.

Source: pi coding-agent 0.73.1 and 0.87.1; pi_agent_rust 0.8.
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
from forkpoint.agents.formats.pi_v3 import session_files
from forkpoint.agents.formats.pi_v3.reading import V3Reader
from forkpoint.agents.formats.pi_v3.values import is_plain
from forkpoint.agents.pi import layout
from forkpoint.agents.pi.writer import WRITER
from forkpoint.agents.writing import Writer
from forkpoint.model.session import Resume


class PiAdapter:
    """Reads and writes the session files of pi and of pi_agent_rust."""

    info = AgentInfo(
        id="pi",
        title="pi",
        icon="symbol-namespace",
        capabilities=frozenset({"titles", "tree", "compaction", "usage"}),
        fields=session_files.FIELDS,
        compaction_kinds=session_files.COMPACTION_KINDS,
    )
    writer: Writer | None = WRITER

    def homes(self, environment: Environment) -> Sequence[Home]:
        """The agent's folder, and the folders that its variables put in place of the one for sessions."""
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
        """pi opens a session by its path, in the folder of its header; None for a path that cannot be typed."""
        header = candidate.facts.header
        if candidate.work_dir is None or header is None or header.unread is not None or not is_plain(candidate.path):
            return None
        return Resume(command=["pi", "--session", candidate.path], cwd=candidate.work_dir)


ADAPTER = PiAdapter()
