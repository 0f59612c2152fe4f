"""PROTOCOL.md: every request, structure, setting and error, from the docstrings, with an executed example each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from forkpoint.generate import examples, wire_types
from forkpoint.generate.describe import ABSENT, Call, Description, Event, Member, Structure, describe

HERE = Path(__file__).parent


def render() -> bytes:
    """Give the file's contents."""
    return "\n".join(_parts(describe(), examples.executed())).encode()


def _parts(description: Description, executed: Mapping[str, Any]) -> Iterator[str]:
    yield _text("conventions.md").format(
        protocol_version=description.protocol_version,
        capabilities=_json(executed["initialize"]["result"]),
        settings=_settings(description.settings),
    )
    yield "## Requests\n"
    yield _contents(description.calls)
    for call in description.calls:
        yield from _call(call, executed[call.method])
    yield "## Structures\n"
    for structure in description.shared:
        yield f"### {structure.name}\n\n{structure.documentation}\n"
        yield _members(structure, is_params=False)
    yield _text("errors_and_events.md").format(
        events="\n".join(_event(event) for event in description.events),
        errors=_errors(description),
        reasons=_reasons(description),
    )
    yield _text("status_words.md")


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _contents(calls: Iterable[Call]) -> str:
    return _table(
        ("request", "scope", "title"),
        ((f"[{call.method}](#{_anchor(call.method)})", call.scope, call.title) for call in calls),
    )


def _call(call: Call, example: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {call.method}\n"
    yield call.documentation + "\n"
    yield f"Scope `{call.scope}`. Command `{call.command}`.\n"
    yield f"**Params**, `{call.params.name}`:\n"
    yield _members(call.params, is_params=True)
    yield f"**Result**, `{call.result.name}`: {_sentence(call.result.documentation)}\n"
    yield _members(call.result, is_params=False)
    if call.errors:
        yield f"**Errors**: {call.errors}.\n"
    yield f"**Example**\n\n{_json(example['params'])}\n\n{_json(example.get('result', example.get('error')))}\n"


def _event(event: Event) -> str:
    return f"### {event.method}\n\n{event.params.documentation}\n\n{_members(event.params, is_params=False)}"


def _members(structure: Structure, *, is_params: bool) -> str:
    if not structure.members:
        return "No members.\n"
    head = ("member", "type", "given" if is_params else "there", "meaning")
    return _table(head, (_row(member, is_params) for member in structure.members))


def _row(member: Member, is_param: bool) -> Sequence[str]:
    presence = ("required" if is_param else "always") if member.required else ("optional" if is_param else "sometimes")
    default = "" if not is_param or member.default is ABSENT else f" Default `{json.dumps(member.default)}`."
    return (f"`{member.name}`", wire_types.markdown(member.type), presence, member.documentation + default)


def _settings(settings: Iterable[Member]) -> str:
    rows = (
        (f"`{item.name}`", wire_types.markdown(item.type), f"`{json.dumps(item.default)}`", item.documentation)
        for item in settings
    )
    return _table(("setting", "type", "default", "meaning"), rows).rstrip()


def _errors(description: Description) -> str:
    rows = (
        (
            f"`{error.kind}`",
            str(error.code),
            _sentence(error.documentation),
            "; ".join(f"`{member.name}`: {member.documentation.rstrip('.')}" for member in error.members),
        )
        for error in description.errors
    )
    return _table(("kind", "code", "meaning", "members of `data`"), rows).rstrip()


def _reasons(description: Description) -> str:
    rows = ((f"`{reason}`", meaning) for reason, meaning in description.guard_reasons.items())
    return _table(("reason", "meaning"), rows).rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _anchor(method: str) -> str:
    return method.replace("/", "").lower()


def _json(value: Any) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"
