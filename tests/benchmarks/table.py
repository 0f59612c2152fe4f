"""The rows that a benchmark gives, and how they are printed."""

from collections.abc import Sequence

import attrs


@attrs.frozen
class Row:
    """One figure beside the floor that was measured in the same run."""

    figure: str
    """What was measured."""
    value: float
    """The median."""
    floor: str
    """What it is compared with."""
    floor_value: float
    """The median of that."""
    goal: str
    """What it should reach, such as `<= 0.15 x` or `<= 250 ms`."""
    unit: str = "ms"
    """What both are in."""

    @property
    def ratio(self) -> float:
        """How many times the floor it takes."""
        return self.value / self.floor_value if self.floor_value else float("inf")


def write_table(rows: Sequence[Row]) -> str:
    """Give the rows as a table of Markdown."""
    head = ("figure", "value", "floor", "its value", "ratio", "goal")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = tuple("-" * width for width in widths)
    return "".join(_line(cells, widths) for cells in (head, rule, *lines[1:]))


def _cells(row: Row) -> tuple[str, ...]:
    value, floor_value = (f"{_number(number)} {row.unit}" for number in (row.value, row.floor_value))
    return (row.figure, value, row.floor, floor_value, f"{row.ratio:.2f} x", row.goal)


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:,.1f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |\n"
