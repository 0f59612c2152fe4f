"""Adding up the tokens of a session."""

from typing import Any

from forkpoint.agents.formats.pi_v3.messages import Usage, usage_of
from forkpoint.agents.formats.pi_v3.values import as_count, as_number, as_object
from forkpoint.model.entry import TokenUsage


class UsageSum:
    """The sum over all branches: what was spent stays spent when a branch is left."""

    def __init__(self) -> None:
        self._counted = False
        self._input: int | float = 0
        self._output: int | float = 0
        self._cache_read: int | float = 0
        self._cache_write: int | float = 0
        self._total: int | float = 0
        self._cost: float | None = None

    def add(self, usage: Usage) -> None:
        """Add one step's tokens; a step without a total counts with the sum of its parts, as v1 has none."""
        given, said = usage.input or 0, usage.output or 0
        read, written = usage.cacheRead or 0, usage.cacheWrite or 0
        self._counted = True
        self._input += given
        self._output += said
        self._cache_read += read
        self._cache_write += written
        total = usage.totalTokens
        self._total += given + said + read + written if total is None else total
        cost = usage.cost
        if cost is not None and cost.total is not None:
            self._cost = (self._cost or 0.0) + cost.total

    def add_stored(self, value: Any) -> None:
        """Add the `usage` member of a decoded record, if it is one."""
        usage = usage_of(as_object(value))
        if usage is not None:
            self.add(usage)

    def total(self) -> TokenUsage | None:
        """Give the sum; None when nothing was counted."""
        if not self._counted:
            return None
        return TokenUsage(
            input=as_count(self._input),
            output=as_count(self._output),
            cache_read=as_count(self._cache_read),
            cache_write=as_count(self._cache_write),
            total=as_count(self._total),
            cost=as_number(self._cost),
        )
