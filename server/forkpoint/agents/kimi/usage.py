"""Tokens as StatusUpdate records count them.

Source: kimi-cli 1.49, `wire/types.py`: a null means unchanged; `token_usage` is that of one step.
"""

from typing import Any

from forkpoint.agents.kimi.values import as_count, as_object
from forkpoint.model.entry import TokenUsage

_NOTHING = TokenUsage()


def usage_of(payload: dict[str, Any]) -> TokenUsage | None:
    """Give the tokens of a StatusUpdate, None when it counts none."""
    step = as_object(payload.get("token_usage")) or {}
    usage = TokenUsage(
        input=as_count(step.get("input_other")),
        output=as_count(step.get("output")),
        cache_read=as_count(step.get("input_cache_read")),
        cache_write=as_count(step.get("input_cache_creation")),
        total=as_count(payload.get("context_tokens")),
        window=as_count(payload.get("max_context_tokens")),
    )
    return None if usage == _NOTHING else usage


class UsageSum:
    """Tokens over a whole session; the context's size and window are those last told."""

    def __init__(self) -> None:
        self._sum = TokenUsage()
        self._any = False

    def add(self, usage: TokenUsage | None) -> None:
        """Add what one step took."""
        if usage is None:
            return
        total = self._sum
        self._any = True
        total.input = _plus(total.input, usage.input)
        total.output = _plus(total.output, usage.output)
        total.cache_read = _plus(total.cache_read, usage.cache_read)
        total.cache_write = _plus(total.cache_write, usage.cache_write)
        total.total = total.total if usage.total is None else usage.total
        total.window = total.window if usage.window is None else usage.window

    def total(self) -> TokenUsage | None:
        """Give the sum, None when nothing was counted."""
        return self._sum if self._any else None


def _plus(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else first + second
