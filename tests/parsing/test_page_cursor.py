"""Cursors come back as they were written, and only for their own question."""

from hypothesis import given
from hypothesis import strategies as st

from forkpoint.parsing.page_cursor import Position, question_mark, read_cursor, write_cursor

positions = st.builds(Position, st.integers() | st.text(), st.text())


@given(positions, st.text())
def test_round_trip(position: Position, question: str) -> None:
    mark = question_mark(question)
    assert read_cursor(write_cursor(position, mark), mark) == position


@given(positions, st.text(), st.text())
def test_another_question_is_refused(position: Position, asked: str, other: str) -> None:
    if question_mark(asked) != question_mark(other):
        assert read_cursor(write_cursor(position, question_mark(asked)), question_mark(other)) is None


@given(st.text())
def test_anything_else_is_refused(text: str) -> None:
    assert read_cursor(text, question_mark("all")) is None


def test_question_mark_sees_every_filter() -> None:
    assert question_mark({"a": 1}) == question_mark({"a": 1}) != question_mark({"a": 2})
