"""What is kept of the name of an uploaded file, and what it becomes when it is taken."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forkpoint.parsing.upload_names import MARK, NAME_LIMIT, kept_name, numbered, split

KEPT = [
    ("a.txt", "a.txt"),
    ("a b-c_d.tar.gz", "a b-c_d.tar.gz"),
    ("../../etc/passwd", "passwd"),
    ("C:\\fakepath\\report.pdf", "report.pdf"),
    ("..", "upload"),
    ("", "upload"),
    ("   ", "upload"),
    (".sent", "sent"),
    (".env.local", "env.local"),
    ("...hidden", "hidden"),
    ("x<script>.html", "xscript.html"),
    ("a\u202etxt.exe", "atxt.exe"),
    ("🎉.png", "upload.png"),
    ("🎉", "upload"),
    ("party🎉.png", "party.png"),
    ("a\u0000b\nc\td.txt", "abcd.txt"),
    ("Bildschirmfoto\u202f10.15.png", "Bildschirmfoto 10.15.png"),
    ("e\u0301te\u0301.txt", "été.txt"),
    ("日本語 資料.docx", "日本語 資料.docx"),
    ("हिन्दी.txt", "हिन्दी.txt"),
    ("♥\ufe0f\u20e3.txt", "upload.txt"),
    ("a\u200b\u3164b.txt", "ab.txt"),
    ("name. ", "name"),
    (" name.txt", "name.txt"),
    ("con", "con_"),
    ("CON.txt", "CON_.txt"),
    ("con .txt", "con _.txt"),
    ("lpt1.tar.gz", "lpt1_.tar.gz"),
    ("COM¹.txt", "COM.txt"),
    ("console.txt", "console.txt"),
    (".forkpoint-1234", "forkpoint-1234"),
    ("ENV~1", "ENV1"),
    ("\ud800x.txt", "x.txt"),
    ("x" * 300 + ".txt", "x" * 180 + ".txt"),
    ("é" * 150 + ".txt", "é" * 90 + ".txt"),
    ("." + "x" * 300, "x" * 184),
    ("a." + "x" * 300, "a." + "x" * 182),
]


@pytest.mark.parametrize(("given_name", "wanted"), KEPT)
def test_what_is_kept_of_a_name(given_name: str, wanted: str) -> None:
    assert kept_name(given_name) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.txt", "a (2).txt"),
        ("a.tar.gz", "a.tar (2).gz"),
        ("passwd", "passwd (2)"),
        ("a." + "x" * 40, "a." + "x" * 40 + " (2)"),
    ],
)
def test_what_a_taken_name_becomes(name: str, wanted: str) -> None:
    assert numbered(name, 2) == wanted


@given(st.text(max_size=300))
@example("Ǻ" * 120 + ".x")
@example("con")
@example("a. .b")
def test_a_kept_name_is_one_that_every_system_takes(text: str) -> None:
    name = kept_name(text)
    assert name == kept_name(name)
    assert name == unicodedata.normalize("NFC", name)
    assert name == name.strip(" .") != ""
    assert all(character in "._- " or unicodedata.category(character)[0] in "LMN" for character in name)
    assert len(name.encode()) <= NAME_LIMIT - MARK + 1
    assert len(numbered(name, 999).encode()) <= NAME_LIMIT
    assert "".join(split(name)) == name
