"""One assistant's message while it is being folded.

Every change makes a new entry, so that one handed out earlier never changes under its reader.
"""

from typing import Any

import attrs

from forkpoint.agents.adapter import Change
from forkpoint.agents.kimi.records import Spot
from forkpoint.agents.kimi.results import arguments_of
from forkpoint.model.entry import Block, Entry, TokenUsage
from forkpoint.model.problem import Problem


@attrs.define
class Step:
    """An assistant's message: shown with its first content, whose line names it, then replaced as it grows."""

    agent_kind: str
    calls: dict[str, int]
    """Where the block of each call stands; of two with one id, the later."""
    results: list[str]
    """The entries that hold results of its calls."""
    entry: Entry | None = None
    """None until it has content."""
    arguments: str = ""
    """The stored arguments of the latest call, which later pieces may still extend."""
    closed: bool = False
    """What is said from here on belongs to another message."""

    @classmethod
    def begun(cls, agent_kind: str) -> "Step":
        """Give a message that has said nothing yet."""
        return cls(agent_kind, {}, [])

    def append(self, block: Block, spot: Spot) -> Change:
        """Add a block."""
        if self.entry is None:
            change = added("assistant", self.agent_kind, spot, [block])
            self.entry = change.entry
            return change
        return self._replace([*self.entry.content, block], spot.problem)

    def call(self, call_id: str, name: str | None, arguments: str | None, spot: Spot) -> Change:
        """Add a tool call."""
        self.calls[call_id] = 0 if self.entry is None else len(self.entry.content)
        self.arguments = arguments or ""
        block = Block(type="toolCall", call_id=call_id, name=name, arguments=arguments_of(arguments))
        return self.append(block, spot)

    def extend_call(self, piece: str, spot: Spot) -> Change | None:
        """Add a piece to the arguments of the latest call; None when there is none."""
        if not self.calls:
            return None
        self.arguments += piece
        return self._alter(list(self.calls)[-1], spot.problem, arguments=arguments_of(self.arguments))

    def settle(self, call_id: str, state: str) -> Change:
        """Say how one of its calls ended."""
        return self._alter(call_id, None, state=state)

    def nest(self, call_id: str, nested: list[Entry]) -> Change:
        """Put what a helper did under one of its calls."""
        return self._alter(call_id, None, nested=nested)

    def interrupt(self) -> list[Change]:
        """Mark the calls that have no result."""
        if self.entry is None or not any(map(_is_open, self.entry.content)):
            return []
        content = self.entry.content
        closed = [_changed_call(block, state="interrupted") if _is_open(block) else block for block in content]
        return [self._replace(closed, None)]

    def count(self, usage: TokenUsage, spot: Spot) -> Change:
        """Note the tokens it took; what is not counted anew stays."""
        if self.entry is None:
            change = added("assistant", self.agent_kind, spot, [])
            self.entry = change.entry
            self.entry.usage = usage
            return change
        known = {} if self.entry.usage is None else _counted(self.entry.usage)
        self.entry = attrs.evolve(self.entry, usage=TokenUsage(**{**known, **_counted(usage)}))
        return Change("replace", self.entry)

    def void(self) -> list[Change]:
        """Take back everything said so far; what comes again is a new entry, so that no id ever returns."""
        gone = [Change("hide", Entry(entry_id=name, kind="toolResult", agent_kind="")) for name in self.results]
        if self.entry is not None:
            gone.append(Change("hide", self.entry))
        self.entry = None
        self.calls, self.results, self.arguments = {}, [], ""
        return gone

    def _alter(self, call_id: str, problem: Problem | None, **fields: Any) -> Change:
        assert self.entry is not None
        content = list(self.entry.content)
        index = self.calls[call_id]
        content[index] = _changed_call(content[index], **fields)
        return self._replace(content, problem)

    def _replace(self, content: list[Block], problem: Problem | None) -> Change:
        assert self.entry is not None
        problems = self.entry.problems
        if problem is not None:
            problems = [*(problems or ()), problem]
        old = self.entry
        self.entry = Entry(
            entry_id=old.entry_id,
            kind=old.kind,
            agent_kind=old.agent_kind,
            at=old.at,
            content=content,
            usage=old.usage,
            problems=problems,
            raw=old.raw,
        )
        return Change("replace", self.entry)


def _is_open(block: Block) -> bool:
    return block.type == "toolCall" and block.state is None


def _changed_call(block: Block, *, arguments: Any = None, state: str | None = None, nested: Any = None) -> Block:
    """Give a tool call with something added; once per result of a log, so without the cost of `attrs.evolve`."""
    return Block(
        type=block.type,
        call_id=block.call_id,
        name=block.name,
        arguments=block.arguments if arguments is None else arguments,
        state=block.state if state is None else state,
        nested=block.nested if nested is None else nested,
    )


def added(kind: str, agent_kind: str, spot: Spot, content: list[Block]) -> Change:
    """Give an entry that one line makes by itself."""
    problems = None if spot.problem is None else [spot.problem]
    entry = Entry(
        entry_id=spot.entry_id, kind=kind, agent_kind=agent_kind, at=spot.at, content=content, problems=problems
    )
    return Change("add", entry)


def _counted(usage: TokenUsage) -> dict[str, Any]:
    return attrs.asdict(usage, filter=lambda _, value: value is not None)


def applied(entries: list[Entry], changes: list[Change]) -> list[Entry]:
    """Give a list of entries after some changes."""
    entries = list(entries)
    for change in changes:
        if change.action == "add":
            entries.append(change.entry)
            continue
        for index in range(len(entries) - 1, -1, -1):
            if entries[index].entry_id == change.entry.entry_id:
                entries[index : index + 1] = [change.entry] if change.action == "replace" else []
                break
    return entries
