"""A wire log's records turned into entries, block by block.

Source: kimi-cli 1.49, `wire/types.py` and the replay of its terminal and web front ends. A block is a user's message,
or a step with the results of its calls, which are all stored before the next step begins.
"""

from collections.abc import Iterable
from typing import Any

import attrs

from forkpoint.agents.adapter import Change, Line, Place
from forkpoint.agents.kimi.content import part_block, user_blocks
from forkpoint.agents.kimi.notes import note_blocks
from forkpoint.agents.kimi.records import Record, Spot, read_line, record_of
from forkpoint.agents.kimi.results import answering, result_blocks, result_state
from forkpoint.agents.kimi.saved import entry_from, entry_values, step_from, step_values
from forkpoint.agents.kimi.step import Step, added, apply
from forkpoint.agents.kimi.usage import usage_of
from forkpoint.agents.kimi.values import as_object, as_text
from forkpoint.model.entry import Block, Entry

_DEEPEST = 4
"""How many helpers may stand under each other; deeper ones are shown as they are stored."""

_SILENT = frozenset(("HookTriggered", "HookResolved", "HookRequest", "MCPLoadingBegin", "MCPLoadingEnd"))
"""Records that show nothing."""
_EMPTY = frozenset(("StepBegin", "TurnEnd", "StepInterrupted", "StepRetry"))
"""Records of which only the name counts; they need not be decoded."""


@attrs.define
class _Helper:
    """A helper agent at work under a tool call."""

    fold: "WireFold"
    entries: list[Entry] = attrs.Factory(list[Entry])


class WireFold:
    """Folds the records of a block; also, one level down, those of a helper agent."""

    def __init__(self, depth: int = 0, saved: dict[str, Any] | None = None) -> None:
        self._depth = depth
        self._step: Step | None = None
        self._helpers: dict[str, _Helper] = {}
        self._carriers: dict[str, Entry] = {}
        self._asked: dict[str, str] = {}
        self._rejected: list[str] = []
        self._compacting = False
        if saved is not None:
            self._restore(saved)

    def _restore(self, saved: dict[str, Any]) -> None:
        self._step = step_from(saved["step"])
        for call_id, helper in saved["helpers"].items():
            entries = [entry_from(entry) for entry in helper["entries"]]
            self._helpers[call_id] = _Helper(WireFold(self._depth + 1, helper["fold"]), entries)
        self._carriers = {call_id: entry_from(entry) for call_id, entry in saved["carriers"].items()}
        self._asked, self._rejected = dict(saved["asked"]), list(saved["rejected"])
        self._compacting = saved["compacting"]

    def save(self) -> dict[str, Any]:
        """Give the state as plain values."""
        return {
            "step": step_values(self._step),
            "helpers": {
                call_id: {"fold": helper.fold.save(), "entries": [entry_values(entry) for entry in helper.entries]}
                for call_id, helper in self._helpers.items()
            },
            "carriers": {call_id: entry_values(entry) for call_id, entry in self._carriers.items()},
            "asked": dict(self._asked),
            "rejected": list(self._rejected),
            "compacting": self._compacting,
        }

    def feed(self, place: Place, line: Line, raw: bytes) -> Iterable[Change]:
        """Take one line; one that is no record changes nothing, the scan has named it."""
        if line.kind in _EMPTY:
            return self._mark(line.kind)
        fields, spot = read_line(place, raw)
        record = None if fields is None else record_of(fields.get("message"))
        return [] if record is None else self.take(record, spot)

    def finish(self) -> list[Change]:
        """Mark the calls that never got a result, the helpers' too."""
        changes: list[Change] = []
        for call_id, helper in self._helpers.items():
            closed = helper.fold.finish()
            if closed:
                apply(closed, helper.entries)
                changes.append(self._nest(call_id, helper.entries))
        if self._step is not None:
            changes += self._step.interrupt()
        return changes

    def take(self, record: Record, spot: Spot) -> list[Change]:
        """Take one record."""
        name, payload = record.name, record.payload
        match name:
            case "ToolResult":
                return self._result(payload, spot)
            case "ToolCall":
                return self._call(payload, as_object(payload.get("function")) or {}, record, spot)
            case "ContentPart":
                block = part_block(payload)
                return [] if block.text == "" else self._say(name, spot, block)
            case "TurnBegin" | "SteerInput":
                changes = self._end_block()
                return [*changes, added("user", name, spot, user_blocks(payload.get("user_input")))]
            case "SubagentEvent":
                return self._helper(record, spot)
            case "StatusUpdate":
                return self._status(payload, spot)
            case "ToolCallPart":
                return self._call_part(record, spot)
            case "ToolCallRequest":
                known = self._step is not None and as_text(payload.get("id")) in self._step.calls
                return [] if known else self._call(payload, payload, record, spot)
            case "CompactionBegin" | "CompactionEnd":
                return self._compaction(name, spot)
            case name if name in _EMPTY:
                return self._mark(name)
            case _:
                return self._other(record, spot)

    # -- what begins and ends ------------------------------------------------------------------------------------

    def _mark(self, name: str) -> list[Change]:
        """Take a record of which only the name counts."""
        match name:
            case "StepBegin":
                changes = self._end_block()
                self._step = Step.begun("Step")
                return changes
            case "StepRetry":
                return self._retry()
            case "StepInterrupted":
                changes = self.finish()
                self._close()
                return changes
            case _:
                self._close()
                return []

    def _end_block(self) -> list[Change]:
        changes = self.finish()
        self._step, self._compacting = None, False
        self._helpers.clear()
        self._carriers.clear()
        self._asked.clear()
        self._rejected.clear()
        return changes

    def _close(self) -> None:
        if self._step is not None:
            self._step.closed = True

    def _retry(self) -> list[Change]:
        if self._step is None:
            return []
        for call_id in self._step.calls.keys() - self._carriers.keys():
            self._helpers.pop(call_id, None)
        return self._step.void()

    def _speaker(self, name: str) -> tuple[Step, list[Change]]:
        """Give the message that what comes next belongs to: the step, or for a slash command one without a step."""
        if self._step is not None and not self._step.closed:
            return self._step, []
        ended = self.finish()
        self._helpers = {call_id: helper for call_id, helper in self._helpers.items() if call_id in self._carriers}
        self._step = Step.begun(name)
        return self._step, ended

    def _say(self, name: str, spot: Spot, block: Block) -> list[Change]:
        step, ended = self._speaker(name)
        return [*ended, step.append(block, spot)]

    # -- tools ---------------------------------------------------------------------------------------------------

    def _call_part(self, record: Record, spot: Spot) -> list[Change]:
        piece = as_text(record.payload.get("arguments_part")) or ""
        change = None if self._step is None else self._step.extend_call(piece, spot)
        return [_unknown(record, spot)] if change is None else [change]

    def _call(self, payload: dict[str, Any], function: dict[str, Any], record: Record, spot: Spot) -> list[Change]:
        call_id, name = as_text(payload.get("id")), as_text(function.get("name"))
        if call_id is None:
            return [_unknown(record, spot)]
        step, ended = self._speaker(record.name)
        return [*ended, step.call(call_id, name, as_text(function.get("arguments")), spot)]

    def _result(self, payload: dict[str, Any], spot: Spot) -> list[Change]:
        call_id, returned = as_text(payload.get("tool_call_id")), payload.get("return_value")
        state = "rejected" if call_id in self._rejected else result_state(returned)
        blocks = [Block(type="raw", raw=payload)] if returned is None else result_blocks(returned)
        result = added("toolResult", "ToolResult", spot, answering(blocks, call_id, state))
        if self._step is None or call_id is None or call_id not in self._step.calls:
            return [result]
        self._step.results.append(spot.entry_id)
        return [self._step.settle(call_id, state), result]

    # -- helpers -------------------------------------------------------------------------------------------------

    def _helper(self, record: Record, spot: Spot) -> list[Change]:
        payload = record.payload
        event = record_of(payload.get("event"))
        if event is None or self._depth >= _DEEPEST:
            return [_unknown(record, spot)]
        call_id = as_text(payload.get("parent_tool_call_id")) or as_text(payload.get("task_tool_call_id")) or ""
        helper = self._helpers.get(call_id)
        if helper is None:
            helper = self._helpers[call_id] = _Helper(WireFold(self._depth + 1))
        changes = helper.fold.take(event, spot)
        if not changes:
            return []
        apply(changes, helper.entries)
        if call_id not in self._carriers and (self._step is None or call_id not in self._step.calls):
            return [self._carry(call_id, as_text(payload.get("subagent_type")), helper.entries, spot)]
        return [self._nest(call_id, helper.entries)]

    def _carry(self, call_id: str, name: str | None, entries: list[Entry], spot: Spot) -> Change:
        """Give the work of a helper whose call stands in another block an entry of its own."""
        block = Block(type="toolCall", call_id=call_id or None, name=name, nested=entries)
        change = added("toolCall", "SubagentEvent", spot, [block])
        self._carriers[call_id] = change.entry
        return change

    def _nest(self, call_id: str, entries: list[Entry]) -> Change:
        carrier = self._carriers.get(call_id)
        if carrier is None:
            assert self._step is not None
            return self._step.nest(call_id, entries)
        carrier.content[0].nested = entries
        return Change("replace", carrier)

    # -- everything else -----------------------------------------------------------------------------------------

    def _status(self, payload: dict[str, Any], spot: Spot) -> list[Change]:
        usage = usage_of(payload)
        if self._step is None or usage is None or (self._step.entry is None and usage.output is None):
            return []
        return [self._step.count(usage, spot)]

    def _compaction(self, name: str, spot: Spot) -> list[Change]:
        known, self._compacting = self._compacting, name == "CompactionBegin"
        return [] if known and name == "CompactionEnd" else [added("compaction", name, spot, [])]

    def _other(self, record: Record, spot: Spot) -> list[Change]:
        name, payload = record.name, record.payload
        if name in _SILENT:
            return []
        request = as_text(payload.get("id" if name == "ApprovalRequest" else "request_id")) or ""
        if name == "ApprovalRequest":
            self._asked[request] = as_text(payload.get("tool_call_id")) or ""
        elif name == "ApprovalResponse" and payload.get("response") == "reject":
            self._rejected += [call_id for call_id in (self._asked.get(request),) if call_id]
        blocks = note_blocks(name, payload)
        return [_unknown(record, spot) if blocks is None else added("note", name, spot, blocks)]


def _unknown(record: Record, spot: Spot) -> Change:
    kind = as_text(record.message.get("type")) or record.name
    return added("unknown", kind, spot, [Block(type="raw", raw=record.message)])
