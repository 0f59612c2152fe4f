"""The project stands alone: no file names a folder of some machine, what lies beside it, or a registry's host."""

import re
import subprocess

import pytest

from tests.architecture.source_files import ROOT

# Written in pieces, so that this file does not name them either.
FORBIDDEN = {
    "a folder of a machine": r"(?<![\w.}>)-])/(?:wo" + r"rk|ro" + r"ot)/",
    "a path out of the repository": r"(?<![\w./])\.\./sha" + r"red/",
    "a registry's host": r"pypi\." + r"org|python" + r"hosted\.org|registry\.npm" + r"js|deb\.deb" + r"ian\.org",
}


def texts() -> list[tuple[str, str]]:
    """Give every file that git would keep, with its text; files that are no text are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    found: list[tuple[str, str]] = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                found.append((name, data.decode(errors="replace")))
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    named = [
        f"{name}:{number} {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.split("\n"), 1)
        if pattern.search(line)
    ]
    assert not named, "\n".join(named)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a folder of a machine", "see /wo" + "rk/project/dev.py"),
        ("a folder of a machine", '"/ro' + 'ot/.cache"'),
        ("a path out of the repository", "see ../sha" + "red/page.md"),
        ("a registry's host", "https://registry.npm" + "js.org/x"),
    ],
)
def test_a_pattern_finds_what_it_is_for(what: str, line: str) -> None:
    assert re.search(FORBIDDEN[what], line)


def test_the_walk_finds_this_file() -> None:
    assert "tests/architecture/test_text.py" in [name for name, _ in texts()]
