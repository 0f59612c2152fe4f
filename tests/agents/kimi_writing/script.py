"""Logs and contexts in a word or two per line."""

from typing import Any

from tests.agents.kimi_logs import HEADER, Row, called, event, helper, returned, said

_INTERRUPTED = "The tool call was interrupted."


def wire_row(words: str) -> Row:
    """One line of a wire log: `turn hello`, `step`, `say hi`, `call c1`, `result c1`, `end` and so on."""
    kind, _, rest = words.partition(" ")
    match kind:
        case "header":
            return HEADER if not rest else {"type": "metadata", "protocol_version": rest}
        case "turn":
            return event("TurnBegin", user_input=rest)
        case "parts":
            return event("TurnBegin", user_input=[{"type": "text", "text": part} for part in rest.split("|")])
        case "steer":
            return event("SteerInput", user_input=rest)
        case "say":
            return said(rest)
        case "call":
            return called(rest)
        case "result":
            return returned(rest)
        case "helper":
            return helper(rest, "ContentPart", type="text", text="looking")
        case "closed":
            value = {"is_error": True, "output": "", "message": _INTERRUPTED}
            value |= {"display": [{"type": "brief", "text": "Interrupted"}], "extras": None}
            return event("ToolResult", tool_call_id=rest, return_value=value)
        case "status":
            tokens = {"input_other": 9, "output": 3, "input_cache_read": 0, "input_cache_creation": 0}
            return event("StatusUpdate", token_usage=tokens)
        case "raw":
            return rest.encode()
        case _:
            return event(_PLAIN[kind])


_PLAIN = {
    "step": "StepBegin",
    "end": "TurnEnd",
    "retry": "StepRetry",
    "interrupted": "StepInterrupted",
    "compacting": "CompactionBegin",
    "compacted": "CompactionEnd",
    "hook": "HookTriggered",
    "note": "Notification",
}


def context_row(words: str) -> Row:
    """One line of a context: `user hello`, `said hi`, `calls c1 c2`, `tool c1`, `check 0` and so on."""
    kind, _, rest = words.partition(" ")
    match kind:
        case "prompt":
            return {"role": "_system_prompt", "content": "You are an agent."}
        case "check":
            return {"role": "_checkpoint", "id": int(rest)}
        case "checked":
            return {"role": "user", "content": f"<system>CHECKPOINT {rest}</system>"}
        case "usage":
            return {"role": "_usage", "token_count": 10}
        case "user":
            return {"role": "user", "content": rest}
        case "parts":
            return {"role": "user", "content": [{"type": "text", "text": part} for part in rest.split("|")]}
        case "said":
            return {"role": "assistant", "content": [{"type": "think", "think": "hm"}, {"type": "text", "text": rest}]}
        case "calls":
            calls: list[Any] = [
                {"type": "function", "id": name, "function": {"name": "Shell", "arguments": "{}"}}
                for name in rest.split()
            ]
            return {"role": "assistant", "content": [], "tool_calls": calls}
        case "tool":
            return {"role": "tool", "content": [{"type": "text", "text": "out"}], "tool_call_id": rest}
        case "closed":
            return {"role": "tool", "content": f"<system>ERROR: {_INTERRUPTED}</system>", "tool_call_id": rest}
        case "remind":
            return {
                "role": "user",
                "content": [{"type": "text", "text": "<system-reminder>\nplan\n</system-reminder>"}],
            }
        case "news":
            return {"role": "user", "content": [{"type": "text", "text": "<notification id=1>done</notification>"}]}
        case _:
            parts = ["<system>Previous context has been compacted. Here is what was said:</system>", rest]
            return {"role": "user", "content": [{"type": "text", "text": part} for part in parts]}
