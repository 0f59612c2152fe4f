"""How pi's sessions are changed."""

from forkpoint.agents.formats.pi_v3.writing.writer import V3Writer
from forkpoint.agents.pi import layout

WRITER = V3Writer(layout.new_session_folder, layout.fork_folder)
