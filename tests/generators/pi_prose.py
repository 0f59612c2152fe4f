"""Text that looks like a coding session, from one random stream."""

import base64
import random
import struct
import zlib
from typing import Any, NamedTuple

Json = dict[str, Any]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VERBS = _words("add fix move rename split test document speed-up remove retry cache validate log parse stream batch")
NOUNS = _words(
    "uploader parser cache scheduler index router session exporter importer config loader client "
    "watcher queue worker migration lexer renderer tokenizer formatter registry transport"
)
_WORDS = _words(
    "the a of to in and when after before each single whole file line value error request response buffer "
    "timeout retry state branch caller test case path user message handler default option list map key "
    "order lock thread limit size offset header footer record entry field name type check result"
)
_REQUESTS = (
    "Please {v} the {n} in {p}.",
    "{V} the {n}; it breaks when {s}",
    "Why does {p} {v} the {n} twice? {s}",
    "{V} a limit of {k} to the {n}. {s}",
    "Überprüfe {p} \N{EN DASH} 日本語 ok? {s}",
)


class ToolRun(NamedTuple):
    """One tool call as it might have been."""

    arguments: Json
    output: str
    details: Json | None = None


class Prose:
    """Sentences, code, paths, requests and tool runs."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def sentence(self, low: int = 6, high: int = 18) -> str:
        """A sentence of so many words."""
        words = self._rng.choices(_WORDS, k=self._rng.randint(low, high))
        return words[0].capitalize() + " " + " ".join(words[1:]) + "."

    def paragraph(self, low: int = 1, high: int = 5) -> str:
        """A few sentences."""
        return " ".join(self.sentence() for _ in range(self._rng.randint(low, high)))

    def path(self) -> str:
        """A file of a project."""
        pick = self._rng.choice
        return f"src/{pick(NOUNS)}/{pick(NOUNS)}.{pick(('py', 'ts', 'rs', 'md'))}"

    def code(self, lines: int) -> str:
        """Lines of code."""
        return "\n".join(self._code_line() for _ in range(lines))

    def _code_line(self) -> str:
        pick = self._rng.choice
        noun, word, number = pick(NOUNS), pick(_WORDS), self._rng.randrange(1000)
        # Every form is made before one is chosen: the random stream must not depend on the choice.
        forms = (
            f"    {word} = {noun}.get({number})",
            f"def {pick(VERBS).replace('-', '_')}_{noun}({word}, limit={number}):",
            f"    if {word} > {number}:",
            f"        return {noun}({word})",
            f"    # {self.sentence(4, 9)}",
            "",
        )
        return pick(forms)

    def request(self) -> str:
        """What a user asks."""
        text = self._rng.choice(_REQUESTS)
        verb = self._rng.choice(VERBS)
        return text.format(
            v=verb,
            V=verb.capitalize(),
            n=self._rng.choice(NOUNS),
            p=self.path(),
            s=self.sentence(4, 12),
            k=self._rng.randrange(9999),
        )

    def summary(self) -> str:
        """What a compaction leaves."""
        rows = "\n".join(f"- [x] {self.sentence(4, 10)}" for _ in range(self._rng.randint(2, 6)))
        return (
            f"## Goal\n{self.sentence()}\n\n## Progress\n### Done\n{rows}\n\n"
            f"## Next Steps\n1. {self.sentence()}\n\n<read-files>\n{self.path()}\n</read-files>"
        )

    def tool(self, name: str) -> ToolRun:
        """A run of the tool with this name: read, bash, edit or write; any other is a search."""
        run = {"read": self._read, "bash": self._bash, "edit": self._edit, "write": self._write}.get(name, self._search)
        return run(self.path())

    def _read(self, path: str) -> ToolRun:
        return ToolRun({"path": path}, self.code(self._rng.randint(10, 90)))

    def _bash(self, path: str) -> ToolRun:
        pick = self._rng.choice
        rows = [
            f"{pick(('PASS', 'ok', 'warn', '+'))} {self.path()} {self._rng.random():.3f}s"
            for _ in range(self._rng.randint(1, 40))
        ]
        return ToolRun({"command": f"pytest -q {path}", "timeout": 60}, "\n".join(rows))

    def _edit(self, path: str) -> ToolRun:
        old, new = self.code(3), self.code(4)
        lines = ["-" + line for line in old.split("\n")] + ["+" + line for line in new.split("\n")]
        details = {"diff": "\n".join(lines), "firstChangedLine": self._rng.randrange(1, 400)}
        return ToolRun({"path": path, "oldText": old, "newText": new}, f"Edited {path}.", details)

    def _write(self, path: str) -> ToolRun:
        body = self.code(self._rng.randint(5, 50))
        return ToolRun({"path": path, "content": body}, f"Wrote {len(body)} bytes to {path}")

    def _search(self, _: str) -> ToolRun:
        rows = [
            f"{self.path()}:{self._rng.randrange(1, 900)}: {self.sentence(3, 9)}"
            for _ in range(self._rng.randint(0, 25))
        ]
        arguments = {"pattern": self._rng.choice(NOUNS), "path": "src"}
        return ToolRun(arguments, "\n".join(rows) or "No matches found")

    def image(self) -> str:
        """A small picture, base64."""
        row = b"\0" + bytes(self._rng.randrange(256) for _ in range(12))
        size = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
        chunks = _chunk(b"IHDR", size) + _chunk(b"IDAT", zlib.compress(row * 4)) + _chunk(b"IEND", b"")
        return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
