"""The guard's decisions: a table, and that no spelling of a refused path is let through."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forkpoint.model.settings import GuardLevel
from forkpoint.parsing import path_rules
from forkpoint.parsing.path_rules import DEPTH_LIMITS, NAME_LIMIT, PATH_LIMIT, REASONS, refusal, root_refusal
from forkpoint.parsing.secret_names import folded

TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("path_rules.json").read_text())
LEVELS: tuple[GuardLevel, GuardLevel] = ("standard", "public")
BY_NAME = {"dotDot", "repositoryInternals", "secretName", "hidden"}
"""Reasons that lie in what a component is called."""


@pytest.mark.parametrize(("path", "standard", "public"), TABLE["paths"], ids=lambda value: ascii(value))
def test_a_path_is_judged(path: str, standard: str | None, public: str | None) -> None:
    assert (refusal(path, "standard"), refusal(path, "public")) == (standard, public)


@pytest.mark.parametrize(("root", "standard", "public"), TABLE["roots"])
def test_a_root_is_judged(root: str, standard: str | None, public: str | None) -> None:
    found = [
        root_refusal(
            root,
            user_home="/home/ana",
            agent_homes=["/home/ana/.kimi", "/home/ana/.pi/agent", "/data/pi/sessions"],
            workspace=["/home/ana/shop", "/home/ana"] if root.rstrip("/") == "/home/ana" else ["/home/ana/shop/"],
            level=level,
        )
        for level in LEVELS
    ]
    assert found == [standard, public]


def test_every_reason_is_listed_once_and_named_by_its_constant() -> None:
    constants = {
        value
        for name, value in vars(path_rules).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    assert constants == set(REASONS)
    assert len(REASONS) == len(set(REASONS))


@pytest.mark.parametrize("level", LEVELS)
def test_limits_are_refused_one_past_them_and_not_before(level: GuardLevel) -> None:
    deepest = DEPTH_LIMITS[level]
    assert refusal("/".join(["d"] * deepest), level) is None
    assert refusal("/".join(["d"] * (deepest + 1)), level) == "tooDeep"
    assert refusal("n" * NAME_LIMIT, level) is None
    assert refusal("n" * (NAME_LIMIT + 1), level) == "nameTooLong"
    assert refusal("é" * 128, level) == "nameTooLong"  # 256 bytes
    assert refusal("d/" * (PATH_LIMIT // 2) + "d" * 2, level) == "pathTooLong"


@pytest.mark.parametrize("name", [".bashrc", ".config/nvim/init.lua", ".pi/agent/auth.json", "Library/x", "./.profile"])
def test_nothing_hidden_is_read_directly_in_the_users_home(name: str) -> None:
    assert refusal(name, "standard") is None
    assert refusal(name, "standard", in_home=True) == "hidden"
    assert refusal(f"shop/{name}", "standard", in_home=True) is None


REFUSED = [path for path, standard, _ in TABLE["paths"] if standard in BY_NAME]
REFUSED_IN_PUBLIC = [path for path, _, public in TABLE["paths"] if public in BY_NAME]
WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F) if chr(code) not in "/\\:~$"}
"""Each visible ASCII character and its full-width form, which NFKC takes back."""
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u034f"


def _any_case(draw: st.DrawFn, name: str) -> str:
    return "".join(draw(st.sampled_from([char, char.upper(), char.lower()])) for char in name)


def _any_width(draw: st.DrawFn, name: str) -> str:
    return "".join(draw(st.sampled_from([char, WIDE.get(char, char)])) for char in name)


def _unseen_marks(draw: st.DrawFn, name: str) -> str:
    at = draw(st.integers(0, len(name)))
    return name[:at] + draw(st.sampled_from(UNSEEN)) + name[at:]


def _decomposed(draw: st.DrawFn, name: str) -> str:
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), name)


def _ending(draw: st.DrawFn, name: str) -> str:
    return name + draw(st.sampled_from([".", " ", "..", ". .", "::$DATA", ":x"]))


@st.composite
def spelt_otherwise(draw: st.DrawFn, paths: list[str]) -> str:
    """A path of the list in another spelling of the same names."""
    parts: list[str] = []
    for name in draw(st.sampled_from(paths)).split("/"):
        if name in ("", "."):
            continue
        for change in draw(st.lists(st.sampled_from([_any_case, _any_width, _unseen_marks, _decomposed]), max_size=2)):
            name = change(draw, name)
        parts.append(_ending(draw, name) if draw(st.booleans()) else name)
    between = [draw(st.sampled_from(["/", "//", "/./"])) for _ in parts[1:]]
    spelt = "".join(name + gap for name, gap in zip(parts, [*between, ""], strict=True))
    return draw(st.sampled_from(["", "./", ".//"])) + spelt


@settings(max_examples=600, deadline=None)
@given(spelt_otherwise(REFUSED))
def test_a_refused_path_stays_refused_under_any_spelling(path: str) -> None:
    assert refusal(path, "standard") is not None


@settings(max_examples=300, deadline=None)
@given(spelt_otherwise(REFUSED_IN_PUBLIC))
def test_the_public_guard_refuses_any_spelling_too(path: str) -> None:
    assert refusal(path, "public") is not None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(REFUSED), st.lists(st.sampled_from(["src", "a b", "é"]), max_size=4))
def test_a_refused_name_is_refused_in_any_folder(path: str, folders: list[str]) -> None:
    assert refusal("/".join([*folders, path]), "standard") is not None


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40), st.sampled_from(LEVELS), st.booleans())
def test_any_text_gets_an_answer_and_public_refuses_all_that_standard_does(
    path: str, level: GuardLevel, in_home: bool
) -> None:
    answer = refusal(path, level, in_home=in_home)
    assert answer is None or answer in REASONS
    if refusal(path, "standard") is not None:
        assert refusal(path, "public") is not None
    if refusal(path, level) is not None:
        assert answer is not None


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30))
def test_folding_is_stable(name: str) -> None:
    assert folded(folded(name)) == folded(name)
