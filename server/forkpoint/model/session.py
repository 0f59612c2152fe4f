"""A session as a row of a list."""

from typing import Any

import attrs

from forkpoint.model.entry import TokenUsage
from forkpoint.model.problem import Problem

UNTITLED = "Untitled"
TITLE_LIMIT = 200
"""The longest title a row carries, in characters."""


@attrs.frozen(kw_only=True)
class Resume:
    """How to continue a session in its own agent."""

    command: list[str]
    """The program and its arguments."""
    cwd: str
    """The folder to start it in."""


@attrs.frozen(kw_only=True)
class Holder:
    """Who works on a session just now, as far as that is known."""

    agent: str
    """The agent's id, by the form of its lock."""
    pid: int | None = None
    """Its process; absent when unknown."""
    host: str | None = None
    """The machine it runs on; absent when it is this one, or unknown."""
    since: int | None = None
    """Since when, in milliseconds since 1970 UTC; absent when unknown."""


@attrs.define(kw_only=True)
class SessionRow:
    """A session as lists show it."""

    session_id: str
    """`<agent>:<native id>`, to be passed back as it is and never taken apart."""
    agent: str
    """The agent's id, as agents/list gives it."""
    native_id: str
    """The agent's own id of the session."""
    title: str
    """The title, at most 200 characters; `Untitled` when there is none."""
    title_source: str
    """Where the title comes from: custom (a person named it), generated, derived (from the first turn) or none."""
    created_at: int | None = None
    """When it was begun, in milliseconds since 1970 UTC; absent when nothing on disk says."""
    updated_at: int
    """When it was last worked on by the agent's own rule, in milliseconds since 1970 UTC."""
    archived: bool = False
    """Whether it is put away: by the agent's own flag, or by ours where its format has none."""
    archived_at: int | None = None
    """When it was archived, in milliseconds since 1970 UTC; absent when it is not, or the agent does not say."""
    pinned: bool = False
    """Whether a person pinned it."""
    label: str | None = None
    """A name that no other session has, in exactly this case."""
    group: str | None = None
    """The group that a person put it in."""
    status: str = "unknown"
    """running, waiting, idle, failed, interrupted, or unknown when nothing on disk tells.

    It counts as running when another program wrote to its transcript within 10 seconds and the log does not say how it
    stands.
    """
    held_by: Holder | None = None
    """Who holds it, where a lock beside its transcript says so; absent means unknown. Only sessions/get looks."""
    size_bytes: int
    """The size of the session's own transcript files, in bytes."""
    revision: str
    """Changes whenever the session's files or what is noted about it change; to be compared, never interpreted."""
    profile: str | None = None
    """The agent's profile, where it has several."""
    path: str
    """The absolute path of the session's file or folder."""
    path_base64: str | None = None
    """The bytes of `path`, base64, when it is not UTF-8."""
    work_dir: str | None = None
    """The absolute path of the folder it works in; absent when unknown."""
    turn_count: int | None = None
    """The number of turns along the current path; absent with `partial`."""
    message_count: int | None = None
    """The number of messages, counted as the agent counts them; absent with `partial`."""
    preview: str | None = None
    """The last words of the user or the assistant, at most 200 characters; absent with `partial`."""
    parent_session_id: str | None = None
    """The session it was forked from, when that is on this machine too."""
    child_session_ids: list[str] | None = None
    """The sessions forked from it; absent when there are none."""
    repository: str | None = None
    """The common git directory of the work dir, equal for all worktrees of a repository; absent outside one."""
    usage: TokenUsage | None = None
    """Tokens over the whole session, where the log counts them."""
    model: str | None = None
    """The model last used, as `provider/model` where the log has both; or the one chosen for what comes next."""
    thinking_level: str | None = None
    """The thinking level last set."""
    resume: Resume | None = None
    """How to continue it in its own agent; absent when its work dir is unknown or on another machine."""
    agent_fields: dict[str, Any] | None = None
    """Fields of this agent alone; agents/list declares them."""
    extensions: dict[str, dict[str, Any]] | None = None
    """What plugins keep with it, by namespace and key; only sessions/get and sessions/setExtension tell it."""
    problems: list[Problem] = attrs.Factory(list[Problem])
    """What is wrong with its files, at most 20 of them; complete with sessions/diagnose."""
    partial: bool | None = None
    """True when the transcript is over 8 MiB and was not read whole.

    Counts, preview, status, usage and the problems of its lines are then absent until sessions/get.
    """


def clip_title(text: str, limit: int = TITLE_LIMIT) -> str:
    """Give a text on one line of at most `limit` characters, cut at a blank where there is one.

    White space runs become one blank; a cut ends in an ellipsis that counts towards the limit.
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    blank = line.rfind(" ", 0, limit)
    return line[: blank if blank > 0 else limit - 1].rstrip() + "…"
