"""A param that is not given, where None means null."""

from enum import Enum


class LeftOut(Enum):
    """The type of `LEFT_OUT`."""

    LEFT_OUT = "left out"


LEFT_OUT = LeftOut.LEFT_OUT
"""The default of params that may be null: they are not sent."""
