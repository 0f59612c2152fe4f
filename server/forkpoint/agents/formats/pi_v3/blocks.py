"""The content of a message as blocks; what no block fits is kept as it is.

Source: pi coding-agent 0.87.1 content types; pi_agent_rust 0.8 for `media` and for data kept in a file of its own.
"""

from typing import Any

from forkpoint.agents.formats.pi_v3.values import as_list, as_object, as_text
from forkpoint.model.entry import Block

_STORED_APART = "$piBlob"


def content_blocks(content: Any, call_state: str | None = None) -> list[Block]:
    """Give the blocks of a content that is text or a list; tool calls in it get the state `call_state`."""
    if isinstance(content, str):
        return text_blocks(content)
    return [_block(item, call_state) for item in as_list(content) or ()]


def text_blocks(text: str) -> list[Block]:
    """Give a text as one block; none when it is empty."""
    return [Block(type="text", text=text)] if text else []


def state_of_calls(stop_reason: Any) -> str | None:
    """Give the state of a message's tool calls; pi runs none of them after these reasons."""
    return "interrupted" if stop_reason in ("aborted", "error") else None


def answer_blocks(blocks: list[Block], complaint: Any) -> list[Block]:
    """Give the blocks of an assistant message, its `errorMessage` behind them."""
    return [*blocks, *text_blocks(complaint)] if isinstance(complaint, str) else blocks


def result_blocks(blocks: list[Block], diff: Any, call_id: Any, name: Any, *, failed: bool) -> list[Block]:
    """Give the blocks of a tool's result, each naming the call it answers; there is always one."""
    blocks = blocks or [Block(type="text", text="")]
    if isinstance(diff, str):
        blocks.append(Block(type="diff", text=diff))
    call_id, name, state = as_text(call_id), as_text(name), "failed" if failed else "done"
    for block in blocks:
        block.call_id, block.name, block.state = call_id, name, state
    return blocks


def rest_block(rest: dict[str, Any]) -> list[Block]:
    """Give what no other block has shown as one raw block; none when nothing is left."""
    return [Block(type="raw", raw=rest)] if rest else []


def _block(item: Any, call_state: str | None) -> Block:
    stored = as_object(item) or {}
    name = stored.get("type")
    if name in ("text", "thinking") and isinstance(stored.get(name), str):
        return Block(type=name, text=stored[name])
    if name in ("image", "media"):
        return _media(stored) or Block(type="raw", raw=item)
    if name == "toolCall" and isinstance(stored.get("name"), str):
        return Block(
            type="toolCall",
            call_id=as_text(stored.get("id")),
            name=stored["name"],
            arguments=stored.get("arguments"),
            state=call_state,
        )
    return Block(type="raw", raw=item)


def _media(stored: dict[str, Any]) -> Block | None:
    data, mime_type = stored.get("data"), as_text(stored.get("mimeType"))
    if not isinstance(data, str):
        if _STORED_APART not in (as_object(data) or {}):
            return None
        data = None
    image = stored.get("type") == "image" or (mime_type or "").startswith("image/")
    return Block(type="image" if image else "file", mime_type=mime_type, data=data, path=as_text(stored.get("name")))
