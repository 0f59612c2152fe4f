"""Records that are neither talk nor tool, in words a person can read.

Source: kimi-cli 1.49, `wire/types.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from forkpoint.agents.kimi.results import display_blocks
from forkpoint.agents.kimi.values import as_list, as_object, as_text
from forkpoint.model.entry import Block

_ANSWERS = {"approve": "Approved", "approve_for_session": "Approved for the session", "reject": "Rejected"}

Payload = Mapping[str, Any]


def note_blocks(name: str, payload: Payload) -> list[Block] | None:
    """Give a note's content, None for a record that is no note; without readable words it stays as stored."""
    read = _READERS.get(name)
    if read is None:
        return None
    return read(payload) or [Block(type="raw", raw=dict(payload))]


def _lines(*texts: str | None) -> list[Block]:
    text = "\n".join(text for text in texts if text)
    return [Block(type="text", text=text)] if text else []


def _word(payload: Payload, name: str) -> str | None:
    return as_text(payload.get(name))


def _plan(payload: Payload) -> list[Block]:
    path = _word(payload, "file_path")
    return _lines(_word(payload, "content")) + ([Block(type="file", path=path)] if path else [])


def _notification(payload: Payload) -> list[Block]:
    return _lines(_word(payload, "title"), _word(payload, "body"))


def _approval_request(payload: Payload) -> list[Block]:
    asked = (_word(payload, "action"), _word(payload, "description"))
    words = _lines(": ".join(["Asks for approval", *(text for text in asked if text)]))
    return words + display_blocks(payload.get("display"))


def _approval_response(payload: Payload) -> list[Block]:
    response = _word(payload, "response")
    return _lines(_ANSWERS.get(response or "", response), _word(payload, "feedback"))


def _question(payload: Payload) -> list[Block]:
    lines: list[str | None] = []
    for item in as_list(payload.get("questions")) or ():
        question = as_object(item) or {}
        lines += [as_text(question.get("question")), as_text(question.get("body"))]
        for choice in as_list(question.get("options")) or ():
            option = as_object(choice) or {}
            words = [as_text(option.get("label")), as_text(option.get("description"))]
            lines.append("- " + ": ".join(word for word in words if word))
    return _lines(*lines)


def _side_question(payload: Payload) -> list[Block]:
    return _lines(_word(payload, "question"))


def _side_answer(payload: Payload) -> list[Block]:
    return _lines(_word(payload, "response"), _word(payload, "error"))


_READERS: Mapping[str, Callable[[Payload], list[Block]]] = {
    "PlanDisplay": _plan,
    "Notification": _notification,
    "ApprovalRequest": _approval_request,
    "ApprovalResponse": _approval_response,
    "QuestionRequest": _question,
    "BtwBegin": _side_question,
    "BtwEnd": _side_answer,
}
