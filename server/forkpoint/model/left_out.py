"""A param that was left out, where null means something else."""

from enum import Enum
from typing import Any


class LeftOut(Enum):
    """The one value of a param that was not given."""

    LEFT_OUT = "left out"


LEFT_OUT: Any = LeftOut.LEFT_OUT
"""The default of a param that may also be null: `title: str | None = LEFT_OUT`. Typed so that it fits any of them."""
