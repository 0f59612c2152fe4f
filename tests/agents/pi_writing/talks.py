"""A session with two turns, to be forked."""

from pathlib import Path

from tests.agents.pi_files import Record, assistant, header, line, message, record, user, write

CALLS = [{"type": "toolCall", "id": name, "name": "bash", "arguments": {}} for name in ("c1", "c2")]
TALK: tuple[Record, ...] = (
    header(),
    record("model_change", "m", None, provider="p", modelId="m"),
    user("u0", "m", "first"),
    message("a0", "u0", "assistant", CALLS, provider="p", model="m", stopReason="toolUse"),
    message("r1", "a0", "toolResult", [], toolCallId="c1", toolName="bash", isError=False),
    message("r2", "r1", "toolResult", [], toolCallId="c2", toolName="bash", isError=False),
    assistant("a1", "r2", "done"),
    record("session_info", "n", "a1", name="Name"),
    user("u1", "n", "second"),
    assistant("a2", "u1", "yes"),
)
KEPT = [line(value) for value in TALK[1:]]


def talk(home: Path, *more: Record | str) -> Path:
    return write(home.resolve() / "--srv-app--" / "x.jsonl", *TALK, *more)


def bodies(path: Path) -> list[bytes]:
    """The lines of a fork without its header."""
    return path.read_bytes().splitlines(keepends=True)[1:]
