"""One assistant's message while it is being folded.

Its entry grows in place, since only the last state of an entry counts; whoever wants an earlier one saves the fold.
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
    """An assistant's message: shown with its first content, whose line names it, then growing."""

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
        self.entry.content.append(block)
        return self._changed(spot.problem)

    def call(self, call_id: str, name: str | None, arguments: str | None, spot: Spot) -> Change:
        """Add a tool call."""
        if call_id in self.calls:
            earlier = self._call_block(call_id)
            earlier.nested = _copied(earlier.nested)  # what the helper does from here on shows under the later call
        self.calls[call_id] = 0 if self.entry is None else len(self.entry.content)
        self.arguments = arguments or ""
        block = Block(type="toolCall", call_id=call_id, name=name, arguments=arguments_of(arguments))
        return self.append(block, spot)

    def extend_call(self, piece: str, spot: Spot) -> Change | None:
        """Add a piece to the arguments of the latest call; None when there is none."""
        if not self.calls:
            return None
        self.arguments += piece
        self._call_block(next(reversed(self.calls))).arguments = arguments_of(self.arguments)
        return self._changed(spot.problem)

    def settle(self, call_id: str, state: str) -> Change:
        """Say how one of its calls ended."""
        self._call_block(call_id).state = state
        return self._changed()

    def nest(self, call_id: str, nested: list[Entry]) -> Change:
        """Put what a helper did under one of its calls."""
        self._call_block(call_id).nested = nested
        return self._changed()

    def interrupt(self) -> list[Change]:
        """Mark the calls that have no result."""
        changes: list[Change] = []
        if self.entry is None:
            return changes
        for block in self.entry.content:
            if block.type == "toolCall" and block.state is None:
                block.state = "interrupted"
                changes = [Change("replace", self.entry)]
        return changes

    def count(self, usage: TokenUsage, spot: Spot) -> Change:
        """Note the tokens it took; what is not counted anew stays."""
        if self.entry is None:
            change = added("assistant", self.agent_kind, spot, [])
            self.entry = change.entry
            self.entry.usage = usage
            return change
        known = self.entry.usage
        self.entry.usage = usage if known is None else attrs.evolve(known, **_counted(usage))
        return self._changed()

    def void(self) -> list[Change]:
        """Take back everything said so far; what comes again is a new entry, so that no id ever returns."""
        gone = [Change("hide", Entry(entry_id=name, kind="toolResult", agent_kind="")) for name in self.results]
        if self.entry is not None:
            gone.append(Change("hide", self.entry))
        self.entry = None
        self.calls, self.results, self.arguments = {}, [], ""
        return gone

    def _call_block(self, call_id: str) -> Block:
        assert self.entry is not None
        return self.entry.content[self.calls[call_id]]

    def _changed(self, problem: Problem | None = None) -> Change:
        assert self.entry is not None
        if problem is not None:
            self.entry.problems = [*(self.entry.problems or ()), problem]
        return Change("replace", self.entry)


def added(kind: str, agent_kind: str, spot: Spot, content: list[Block]) -> Change:
    """Give an entry that one line makes by itself."""
    problems = None if spot.problem is None else [spot.problem]
    entry = Entry(
        entry_id=spot.entry_id, kind=kind, agent_kind=agent_kind, at=spot.at, content=content, problems=problems
    )
    return Change("add", entry)


def _copied(entries: list[Entry] | None) -> list[Entry] | None:
    """Give entries that no longer grow with those they are copied from."""
    if entries is None:
        return None
    return [
        attrs.evolve(entry, content=[attrs.evolve(block, nested=_copied(block.nested)) for block in entry.content])
        for entry in entries
    ]


def _counted(usage: TokenUsage) -> dict[str, Any]:
    return attrs.asdict(usage, filter=lambda _, value: value is not None)


def apply(changes: list[Change], entries: list[Entry]) -> None:
    """Bring a list of entries up to date."""
    for action, entry in changes:
        if action == "add":
            entries.append(entry)
            continue
        for index in range(len(entries) - 1, -1, -1):
            if entries[index].entry_id == entry.entry_id:
                entries[index : index + 1] = [entry] if action == "replace" else []
                break
