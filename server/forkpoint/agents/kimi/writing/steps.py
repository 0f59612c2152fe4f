"""The model's answers in a context, paired with the steps of the log."""

from collections.abc import Sequence

from forkpoint.agents.kimi.writing.context_map import ContextMap
from forkpoint.agents.kimi.writing.kept import Keep
from forkpoint.agents.kimi.writing.wire_map import Spoken, WireMap


def kept_answers(
    wire: WireMap, shown: Keep, steps: Sequence[int], context: ContextMap, answers: Sequence[int]
) -> int | None:
    """Give how many of the answers belong to kept steps.

    Every answer must be a step's, in order; a step that was broken off has none. None when an answer is no step's, or
    when it could be a kept one's as well as another's.
    """
    told = [wire.spoken(step) for step in steps]
    heard = [context.spoken(answer) for answer in answers]
    earliest, latest = _embedded(heard, told), _embedded(heard[::-1], told[::-1])
    if earliest is None or latest is None:
        return None
    kept = sum(shown.has(steps[place]) for place in earliest)
    same = kept == sum(shown.has(steps[len(steps) - 1 - place]) for place in latest)
    return kept if same else None


def _embedded(heard: Sequence[Spoken], told: Sequence[Spoken]) -> list[int] | None:
    """Give the earliest places at which all that was heard was told, in order; None when something was not."""
    places: list[int] = []
    place = -1
    for each in heard:
        place = next((number for number in range(place + 1, len(told)) if told[number] == each), -1)
        if place < 0:
            return None
        places.append(place)
    return places
