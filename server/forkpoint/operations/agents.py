"""The agents this server knows, and what each can do."""

from typing import Literal

import attrs

from forkpoint.agents.adapter import AgentInfo
from forkpoint.agents.writing import Writer
from forkpoint.operations.registry import operation
from forkpoint.operations.services import Services


@attrs.frozen(kw_only=True)
class ListAgentsParams:
    """agents/list takes nothing."""


@attrs.frozen(kw_only=True)
class AgentField:
    """One field that a row of this agent may carry in `agentFields`."""

    name: str
    """The field's name."""
    description: str
    """What it means."""
    writable: bool = False
    """Whether sessions/update changes it; the others are the agent's own affair."""
    type: Literal["boolean"] | None = None
    """What sessions/update takes for it; absent when it is not `writable`."""


@attrs.frozen(kw_only=True)
class Agent:
    """One agent."""

    id: str
    """The agent's id, the first part of its sessions' ids."""
    title: str
    """Its name for people."""
    icon: str
    """The name of an icon in the editor's own set (a VS Code codicon)."""
    homes: list[str]
    """The folders of this machine its sessions are read from; empty when there are none."""
    profiles: list[str]
    """Its profiles, for the filter of sessions/list; empty when it has none."""
    capabilities: list[str]
    """What its format can do, of: archive, titles, tree, compaction, subagents, usage.

    And how its sessions can be changed, of: create, fork, rename, delete. Titles and archive flags work for every
    agent all the same: what the format has no field for is in our notes.
    """
    fields: list[AgentField]
    """The agentFields its rows may carry."""


@attrs.frozen(kw_only=True)
class ListAgentsResult:
    """Every agent, sorted by id."""

    agents: list[Agent]
    """The agents, whether or not they are installed here."""


@operation("agents/list")
async def list_agents(services: Services, params: ListAgentsParams) -> ListAgentsResult:
    """List the agents this server knows, where their sessions lie, and what their formats can do."""
    homes = await services.sessions.homes()
    agents: list[Agent] = []
    for adapter in services.sessions.adapters:
        own = [home for owner, home in homes if owner is adapter]
        info = adapter.info
        agents.append(
            Agent(
                id=info.id,
                title=info.title,
                icon=info.icon,
                homes=[home.path for home in own],
                profiles=sorted({home.profile for home in own if home.profile is not None}),
                capabilities=sorted(info.capabilities | _changes(adapter.writer)),
                fields=[_field(info, name) for name in info.fields],
            )
        )
    return ListAgentsResult(agents=agents)


def _changes(writer: Writer | None) -> frozenset[str]:
    """How sessions of an agent can be changed in its own files."""
    if writer is None:
        return frozenset()
    fields = {"title": "rename", "archived": "archive"}
    return frozenset({"create", "fork", "delete", *(fields[name] for name in fields if name in writer.fields)})


def _field(info: AgentInfo, name: str) -> AgentField:
    type_ = info.writable_fields.get(name)
    return AgentField(name=name, description=info.fields[name], writable=type_ is not None, type=type_)
