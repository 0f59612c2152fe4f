"""The agents this server knows, and what each can do."""

import attrs

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
    """What its format can do, of: archive, titles, tree, compaction, subagents, usage."""
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
                capabilities=sorted(info.capabilities),
                fields=[AgentField(name=name, description=text) for name, text in info.fields.items()],
            )
        )
    return ListAgentsResult(agents=agents)
