"""`forkpoint doctor`: what is here, what is missing and what cannot be read."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs

from forkpoint.model.session import SessionRow
from forkpoint.operations.agents import ListAgentsParams, list_agents
from forkpoint.operations.services import Services
from forkpoint.operations.sessions import MAX_LIMIT, ListSessionsParams, list_sessions
from forkpoint.terminal import table

SHOWN_PROBLEMS = 5
"""How many problems are shown per agent; `--json` has those of every row."""
PATIENCE = 30
"""How long the server may take to start and end, in seconds."""


@attrs.define(kw_only=True)
class AgentReport:
    """What was found of one agent."""

    agent: str
    homes: list[str]
    sessions: int = 0
    with_problems: int = 0
    problems: list[str] = attrs.Factory(list[str])
    """What is wrong, as `path:line kind: reason`."""


@attrs.frozen(kw_only=True)
class Report:
    """Everything the doctor looked at."""

    python: str
    git: str | None
    """Git's version; None when it cannot be run."""
    msgspec: str | None
    """The version of the quick codec; None when it is not installed and the slower one is used."""
    server: str
    """`answers after N ms`, or what went wrong."""
    server_starts: bool
    agents: list[AgentReport]
    walk_problems: list[str]
    """What kept a whole folder from being listed."""

    @property
    def healthy(self) -> bool:
        """Whether everything that has to work works; broken sessions are no fault of the machine."""
        return self.server_starts and self.git is not None


async def examine(services: Services) -> Report:
    """Look at everything. Sessions are read whole up to the limit of a list's rows."""
    known = await list_agents.run(services, ListAgentsParams())
    reports = {agent.id: AgentReport(agent=agent.id, homes=agent.homes) for agent in known.agents}
    walk_problems: list[str] = []
    cursor: str | None = None
    while True:
        params = ListSessionsParams(archived="all", limit=MAX_LIMIT, cursor=cursor)
        page = await list_sessions.run(services, params)
        for row in page.items:
            _count(reports[row.agent], row)
        walk_problems = [f"{problem.path} {problem.kind}: {problem.reason}" for problem in page.problems]
        cursor = page.next_cursor
        if cursor is None:
            break
    starts, server = _try_server()
    return Report(
        python=platform.python_version(),
        git=_git_version(),
        msgspec=_version_of("msgspec"),
        server=server,
        server_starts=starts,
        agents=list(reports.values()),
        walk_problems=walk_problems,
    )


def report_lines(report: Report) -> Iterator[str]:
    """Give the report for a person."""
    yield from table(
        [
            ("python", report.python),
            ("git", report.git or "missing: install it, diff stats need it"),
            ("msgspec", report.msgspec or "not installed: everything works, larger sessions more slowly"),
            ("server", report.server),
        ]
    )
    for agent in report.agents:
        yield ""
        yield f"{agent.agent}: {agent.sessions} sessions, {agent.with_problems} of them with problems"
        yield from (f"  home {home}" for home in agent.homes)
        if not agent.homes:
            yield "  no home on this machine"
        yield from (f"  ! {problem}" for problem in agent.problems[:SHOWN_PROBLEMS])
        if len(agent.problems) > SHOWN_PROBLEMS:
            yield f"  ! and {len(agent.problems) - SHOWN_PROBLEMS} more; `forkpoint doctor --json` has them"
    yield from (f"! {problem}" for problem in report.walk_problems)


def _count(report: AgentReport, row: SessionRow) -> None:
    report.sessions += 1
    report.with_problems += bool(row.problems)
    for problem in row.problems:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        report.problems.append(f"{place} {problem.kind}: {problem.reason}")


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git_version() -> str | None:
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout.strip().removeprefix("git version ") if done.returncode == 0 else None


def _try_server() -> tuple[bool, str]:
    """Start a server as an editor does, and end it."""
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    frames = b"".join(map(_frame, messages))
    begun = time.monotonic()
    try:
        # The child looks for modules where this process does: the packages may lie where no Python looks by itself.
        done = subprocess.run(
            [sys.executable, "-P", "-m", "forkpoint"],
            input=frames,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return False, f"does not start: {problem}"
    if done.returncode != 0 or b'"capabilities"' not in done.stdout:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return False, f"does not start: exit code {done.returncode} {last}".rstrip()
    return True, f"starts, answers and ends within {round((time.monotonic() - begun) * 1000)} ms"


def _frame(message: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
