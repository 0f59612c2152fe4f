"""Titles made out of what a person asked."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forkpoint.parsing.titles import LIMIT, shortened, title_from

LONG = "The importer takes a minute for 10,000 rows. Where does the time go?"


@pytest.mark.parametrize(
    ("turns", "title"),
    [
        # what is asked is the title, on one line
        (["Fix the importer"], "Fix the importer"),
        (["  Fix\nthe\t importer \n\nIt is slow: see below."], "Fix the importer"),
        ([LONG], "The importer takes a minute for 10,000 rows.…"),
        (["# Plan the week\n\n- Monday"], "Plan the week"),
        (["> 1. Why?"], "Why?"),
        (["- fix a\n  soon\n- fix b"], "fix a soon"),
        (["## Plan\nMonday: rest"], "Plan"),
        (["-5 is wrong"], "-5 is wrong"),
        (["Why does <b>x</b> not render?"], "Why does <b>x</b> not render?"),
        (["What does <system> mean here?"], "What does <system> mean here?"),
        # scripts without blanks, signs of several characters
        (["修复导入程序。它太慢了"], "修复导入程序。它太慢了"),
        (["修" * 60], "修" * 49 + "…"),
        (["修 " + "复" * 60], "修 " + "复" * 47 + "…"),
        (["x" * 47 + "👨\u200d👩\u200d👧 hello there"], "x" * 47 + "…"),
        (["e\u0301" * 100], "e\u0301" * 24 + "…"),
        # what no person said
        (["/init", "Fix it"], "Fix it"),
        (["/review the importer"], None),
        (["/usr/bin/python fails"], "/usr/bin/python fails"),
        (["<system-reminder>\nPlan mode.\n</system-reminder>\nGo on"], "Go on"),
        (["<notification id='1'>done</notification>", "Next"], "Next"),
        (["<system>CHECKPOINT 3</system>"], None),
        (
            ["<uploaded_files>\n1. /a.txt\n</uploaded_files>\n<document path='a'>secret\n</document>\nSum it up"],
            "Sum it up",
        ),
        (['<file name="/a/b.py">\ndef f(): ...\n</file>\nExplain this'], "Explain this"),
        (['<image path="x"/>\nWhat is it?'], "What is it?"),
        (["<file name='a'>\nnever closed, and long"], None),
        (["Why does this fail?\n```py\nraise X\n```"], "Why does this fail?"),
        (["```py\nraise X\n```\nWhy?"], "Why?"),
        (["````\n```\nx\n````\nAnd?"], "And?"),
        (["```\nnever closed"], None),
        # nothing to make a title of
        ([], None),
        (["", "   \n"], None),
        (["?!", "***"], None),
        (["\x1b\x07\u202e\ud800"], None),
        (["a\u202eb\x00c"], "abc"),
    ],
)
def test_a_title_is_what_was_asked(turns: list[str], title: str | None) -> None:
    assert title_from(turns) == title


def test_no_more_turns_are_asked_for_than_needed() -> None:
    asked = iter(["/init", "Fix it", "never looked at"])
    assert title_from(asked) == "Fix it"
    assert next(asked) == "never looked at"


@given(st.lists(st.text(), max_size=3))
@example(["<file>" * 20_000])
@example(["```\n" * 20_000])
def test_any_text_gives_a_clean_line_or_nothing(turns: list[str]) -> None:
    title = title_from(turns)
    if title is not None:
        assert 0 < len(title) <= LIMIT
        assert title == " ".join(title.split())
        title.encode()
        assert title_from([title]) is None or len(title_from([title]) or "") <= LIMIT


@given(st.text(min_size=1), st.integers(2, 60))
def test_a_cut_is_never_longer(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut == text or cut.endswith("…")
