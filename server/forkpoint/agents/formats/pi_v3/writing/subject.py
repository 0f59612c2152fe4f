"""What must be true of a session file before anything is added to it or taken from it."""

from forkpoint.agents.adapter import Arrangement
from forkpoint.agents.formats.pi_v3.header import Header, Opening
from forkpoint.agents.writing import LockForm, Subject
from forkpoint.model.failures import NotSupported
from forkpoint.model.source import FileSource

_VERSIONS = (2, 3)


def transcript_path(arrangement: Arrangement) -> str:
    """Give the session's one file."""
    source = arrangement.parts[0].source
    assert isinstance(source, FileSource)
    return source.path


def is_writable(arrangement: Arrangement) -> bool:
    """Tell whether entries can be added to a session's file."""
    opening: Opening = arrangement.facts
    return opening.header is not None and opening.header.version in _VERSIONS


def writable_header(subject: Subject, capability: str) -> Header:
    """Give the header of a file of version 2 or 3.

    A file of version 1 has no ids that an entry could follow; pi brings it to version 3 when it opens it, by writing it
    anew, which is not done here. Of later versions nobody knows what may be added. Raises NotSupported.
    """
    opening: Opening = subject.arrangement.facts
    header = opening.header
    if header is None:
        raise NotSupported(capability=capability, reason="the file has no session header")
    if header.version not in _VERSIONS:
        reason = f"the file is of version {header.version}"
        if header.linear:
            reason += ", whose entries have no ids; pi brings it to version 3 when it opens it"
        raise NotSupported(capability=capability, reason=reason)
    return header


def lock_form(subject: Subject) -> LockForm:
    """Give the form of the lock beside the file: pi_agent_rust makes it for the files it writes, pi knows none."""
    opening: Opening = subject.arrangement.facts
    return "flock" if opening.rust else "flockIfThere"
