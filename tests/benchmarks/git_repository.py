"""A large git repository with many changes of every kind, the same bytes on every run."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

FIXED_DATE = "1700000000 +0000"
OLD_NS = 1_700_000_000 * 10**9
"""The mtime of unchanged files; far from the index's own, so that git trusts what the index says of them."""
FILES_PER_FOLDER = 50
LINES_PER_FILE = 80
IGNORED = 3000
ODD_NAMES = (
    b"new\nline",
    b"tab\there",
    b'quo"te',
    b"back\\slash",
    "größe-日本".encode(),
    b"bad\xff\xfeutf8",
    b" blank ",
)


def make_repository(folder: Path, files: int = 20_000, changed: int = 2_000, untracked: int = 500) -> None:
    """Make a git repository with one commit of `files` files and change `changed` of them in its working tree.

    Of the changed files about one in twenty is renamed, deleted or staged, one in forty is binary; names of every
    kind are among them. Beside them lie `untracked` files and some that are ignored.
    """
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "fast-import", "--quiet", feed=b"".join(_history(files)))
    _git(folder, "reset", "-q", "--hard")
    for number in range(files):
        os.utime(_at(folder, _name(number)), ns=(OLD_NS, OLD_NS))
    _git(folder, "update-index", "-q", "--refresh")
    _change(folder, files, changed)
    _add_loose_files(folder, untracked)


def _name(number: int) -> bytes:
    odd = ODD_NAMES[number // 40 % len(ODD_NAMES)] if number % 40 == 0 else b"file"
    return b"src/part%03d/%s%d.txt" % (number // FILES_PER_FOLDER, odd, number)


def _is_binary(number: int) -> bool:
    return number % 40 == 7


def _content(number: int) -> bytes:
    if _is_binary(number):
        return bytes(range(256)) * 8 + b"%d" % number
    return b"".join(b"line %d of file %d holds words\n" % (line, number * 31 + line) for line in range(LINES_PER_FILE))


def _history(files: int) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter Bench <bench@example.invalid> %s\ndata 4\nbase" % FIXED_DATE.encode()
    for name, content in [(b".gitignore", b"ignored/\n")] + [(_name(n), _content(n)) for n in range(files)]:
        yield b"\nM 100644 inline %s\ndata %d\n%s" % (_quoted(name), len(content), content)
    yield b"\n\n"


def _quoted(name: bytes) -> bytes:
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def _change(folder: Path, files: int, changed: int) -> None:
    to_stage: list[bytes] = []
    for count in range(changed):
        number = count * files // changed
        name = _name(number)
        if count % 20 == 3:
            os.rename(_at(folder, name), _at(folder, name + b".moved"))
            to_stage += [name, name + b".moved"]
        elif count % 22 == 5:
            os.unlink(_at(folder, name))
        else:
            _rewrite(_at(folder, name), number)
            if count % 20 == 11:
                to_stage.append(name)
    _git(folder, "update-index", "--add", "--remove", "-z", "--stdin", feed=b"".join(n + b"\0" for n in to_stage))


def _rewrite(path: bytes, number: int) -> None:
    lines = _content(number).splitlines(keepends=True)
    lines[len(lines) // 2 : len(lines) // 2 + 2] = [b"a line put in its place\n"]
    with open(path, "wb") as file:
        file.writelines([*lines, b"one more line\n"])


def _add_loose_files(folder: Path, untracked: int) -> None:
    for part, count in ((b"loose", untracked), (b"ignored", IGNORED if untracked else 0)):
        os.makedirs(_at(folder, part), exist_ok=True)
        for number in range(count):
            with open(_at(folder, part + b"/new%d.txt" % number), "wb") as file:
                file.write(_content(number))


def _at(folder: Path, name: bytes) -> bytes:
    return os.fsencode(folder) + b"/" + name


def _git(folder: Path, *arguments: str, feed: bytes = b"") -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(folder), *arguments], input=feed, env=environment, check=True)
