"""What a tool gave back, and how its call ended.

Source: kimi-cli 1.49, `kosong/tooling` (ToolReturnValue, display blocks) and `tools/utils.py` (ToolRejectedError).
"""

from typing import Any

from forkpoint.agents.kimi.content import content_blocks
from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.model.entry import Block
from forkpoint.parsing import json_lines

INTERRUPTED = "The tool call was interrupted."
"""What the result of a call says that a fork found open and closed."""

_REJECTED = "The tool call is rejected by the user"


def result_state(returned: Any) -> str:
    """Tell how a call ended: done, failed, rejected by the user, or interrupted."""
    fields = as_object(returned) or {}
    if fields.get("is_error") is not True:
        return "done"
    message = as_text(fields.get("message")) or ""
    if message == INTERRUPTED:
        return "interrupted"
    return "rejected" if message.startswith(_REJECTED) else "failed"


def result_blocks(returned: Any) -> list[Block]:
    """Give a tool's return value as blocks: output, message, then what was shown beside them."""
    fields = as_object(returned)
    if fields is None:
        return [Block(type="raw", raw=returned)]
    blocks = content_blocks(fields.get("output"))
    message = as_text(fields.get("message"))
    if message and message not in [block.text for block in blocks]:
        blocks.append(Block(type="text", text=message))
    display = fields.get("display")
    return blocks + display_blocks(display) if display else blocks


def display_blocks(display: Any) -> list[Block]:
    """Give display blocks: diffs as such, all others as they are stored."""
    return [_display_block(item) for item in as_list(display) or ()]


def _display_block(item: Any) -> Block:
    fields = as_object(item) or {}
    path, old, new = (as_text(fields.get(name)) for name in ("path", "old_text", "new_text"))
    if fields.get("type") == "diff" and path is not None and old is not None and new is not None:
        return Block(type="diff", path=path, old_text=old, new_text=new)
    return Block(type="raw", raw=item)


def answering(blocks: list[Block], call_id: str | None, state: str) -> list[Block]:
    """Let every block of a result name its call and how that ended; there is at least one."""
    blocks = blocks or [Block(type="text", text="")]
    for block in blocks:
        block.call_id, block.state = call_id, state
    return blocks


def arguments_of(text: str | None) -> Any:
    """Give a call's arguments, stored as JSON in a string: the object, or the text where it is none."""
    if text is None:
        return None
    value = as_object(json_lines.decode(text)[0])
    return text if value is None else value
