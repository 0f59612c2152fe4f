"""The place in the model's context that a place in the wire log stands for.

The two files tell the same course in different words, and neither names lines of the other. Counting does not pair
them: reminders and notices are user messages of the context alone, commands are turns of the log alone, and a
compaction, or the command to clear, begins a new context. So messages are paired by text and order, and where that
leaves a doubt the model's answers are paired as well, by the ids of their calls or by their words. What stays in doubt
is refused.

Source: kimi-cli 1.49, `soul/kimisoul.py`, `soul/slash.py`: a step is in the context once all of its calls have results;
a compaction and `/clear` move the context aside as `context_<N>.jsonl`, N counting up.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import attrs

from forkpoint.agents.kimi.writing.context_map import ContextMap
from forkpoint.agents.kimi.writing.kept import Keep
from forkpoint.agents.kimi.writing.steps import kept_answers
from forkpoint.agents.kimi.writing.wire_map import Input, WireMap


@attrs.frozen
class Pairs:
    """The user's messages of a log that a context has, as far as they stand in the same order."""

    lines: dict[int, int]
    """The context's line for the log's line of a message."""
    complete: bool
    """Whether every message that must be there, from the first that is on, is there."""
    doubtful: set[int]
    """The log's lines of messages that could as well be another line of the context."""


@attrs.frozen
class ContextCut:
    """What is kept of which context."""

    context: ContextMap
    keep: Keep


def cut_context(wire: WireMap, shown: Keep, contexts: Sequence[ContextMap]) -> ContextCut | None:
    """Cut a context where the log is cut; `contexts` are the present one and those before it, newest first.

    None when no context can be said to hold that place.
    """
    undone = [number for number in wire.renewals if not shown.has(number)]
    # With every renewal kept, the present context begins after one of them, whatever else was moved aside.
    explained = not undone or len(contexts) == len(wire.renewals) + 1
    for place in _places(len(undone), len(contexts)):
        likely = place == len(undone)
        end = undone[0] if likely and undone else len(wire)
        keep = _Trial(wire, shown, contexts[place], end, counted=likely and explained).keep()
        if keep is not None:
            return ContextCut(contexts[place], contexts[place].without_checkpoints(keep))
    return None


def _places(likely: int, count: int) -> Iterator[int]:
    """Try the context that the compactions and clearings after the cut point to, then all others: contexts are moved
    aside by other things as well.
    """
    if likely < count:
        yield likely
    yield from (place for place in range(count) if place != likely)


def pair(inputs: Sequence[Input], context: ContextMap) -> Pairs:
    """Pair messages with lines of the same text, from the last one backwards."""
    by_text: dict[str, list[int]] = {}
    for number, text in context.users.items():
        by_text.setdefault(text, []).append(number)
    found: dict[int, int] = {}
    doubtful: set[int] = set()
    missed, complete = False, True
    limit, later, other = len(context), -1, -1
    for each in reversed(inputs):
        same = by_text.get(each.text, [])
        place = bisect_left(same, limit) - 1
        if place < 0:
            missed = True
            continue
        complete = complete and not missed
        if other > same[place]:
            doubtful.add(later)
        found[each.number] = limit = same[place]
        later, other = each.number, same[place - 1] if place else -1
    if other >= 0:
        doubtful.add(later)
    return Pairs(found, complete, doubtful)


class _Trial:
    """One context, tried for one cut."""

    def __init__(self, wire: WireMap, shown: Keep, context: ContextMap, end: int, *, counted: bool) -> None:
        self._wire, self._shown, self._context = wire, shown, context
        self._end = end
        """The line of the log at which this context was moved aside; the log's end for the present one."""
        self._counted = counted
        """Whether the count of renewals alone says that this is the context of that place."""
        self._inputs = [each for each in wire.inputs if each.number < end]
        self._pairs = pair([each for each in self._inputs if each.expected], context)

    def keep(self) -> Keep | None:
        """Give the lines to keep, None when this context does not hold the place, or it is in doubt."""
        paired = [each.number for each in self._inputs if each.number in self._pairs.lines]
        before = [number for number in paired if self._shown.has(number)]
        after = [number for number in paired if not self._shown.has(number)]
        start = self._start(before[-1] if before else None)
        upper = self._pairs.lines[after[0]] if after else len(self._context)
        left, right = before[-1] if before else 0, after[0] if after else self._end
        if start is None or upper < start or right in self._pairs.doubtful:
            return None
        if self._is_plain(right):
            return self._before_unanswered(start, upper, left, right)
        return None if left in self._pairs.doubtful else self._by_answers(start, upper, left, right)

    def _start(self, last: int | None) -> int | None:
        """Give the first line of the context that may have to go, None when it cannot hold the place of the cut."""
        kept = [each for each in self._inputs if self._shown.has(each.number)]
        compactions = [number for number in self._wire.compactions if self._shown.has(number)]
        if self._context.compacted and not compactions:
            return None
        fresh = max((number for number in self._wire.renewals if self._shown.has(number)), default=-1)
        summed_up = self._context.compacted or fresh in compactions
        expected = next((each.number for each in reversed(kept) if each.expected), -1)
        line = -1 if last is None else self._pairs.lines[last]
        if expected <= fresh and (self._counted or not summed_up):
            return max(self._context.carried, line + 1)
        return line + 1 if last == expected and line >= self._context.carried else None

    def _is_plain(self, right: int) -> bool:
        """Whether texts alone tell the place: the cut lies between two messages that follow each other."""
        dropped = [each for each in self._inputs if not self._shown.has(each.number) and each.number < right]
        if not self._pairs.complete or any(each.steps for each in dropped):
            return False
        steps = self._wire.steps_between(0, dropped[0].number if dropped else right)
        return not steps or all(map(self._shown.has, self._wire.step_lines(steps[-1])))

    def _before_unanswered(self, start: int, upper: int, left: int, right: int) -> Keep | None:
        """Cut before the next message, or before one that the model never answered."""
        between = [each for each in self._inputs if left < each.number < right and not each.steps]
        kept = {each.text for each in between if self._shown.has(each.number)}
        dropped = {each.text for each in between if not self._shown.has(each.number)}
        users = {line: text for line, text in self._context.users.items() if start <= line < upper}
        if kept & dropped & set(users.values()):
            return None
        return Keep(next((line for line, text in users.items() if text in dropped), upper))

    def _by_answers(self, start: int, upper: int, left: int, right: int) -> Keep | None:
        """Cut after the last answer that is kept."""
        steps = self._wire.steps_between(left, right)
        answers = self._context.answers(start, upper)
        count = kept_answers(self._wire, self._shown, steps, self._context, answers)
        if count is None or not (answers or self._pairs.complete) or not self._next_fits(right, upper):
            return None
        return self._after_answer(answers[count - 1], steps) if count else Keep(start)

    def _after_answer(self, answer: int, steps: Sequence[int]) -> Keep:
        """Keep an answer, and the results of its calls that the log keeps."""
        step = next(step for step in reversed(steps) if self._shown.has(step) and self._same(step, answer))
        gone = {call for number, call in self._wire.results(step).items() if not self._shown.has(number)}
        follow = self._context.after_answer(answer)
        tools = [line for line in follow if self._context.lines.line(line).kind == "tool"] if gone else []
        return Keep(follow.stop, frozenset(line for line in tools if self._context.answered(line) in gone))

    def _same(self, step: int, answer: int) -> bool:
        return self._wire.spoken(step) == self._context.spoken(answer)

    def _next_fits(self, right: int, upper: int) -> bool:
        """Whether the answer to the next message is the log's, too: a check that the pairs are not shifted."""
        if upper == len(self._context):
            return True
        later = [number for number in self._pairs.lines if number > right]
        end = min(later, default=self._end)
        stop = self._pairs.lines[end] if later else len(self._context)
        first = self._context.answers(upper, stop)[:1]
        return not first or any(self._same(step, first[0]) for step in self._wire.steps_between(right, end))
