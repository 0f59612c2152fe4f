"""protocol.schema.json: every structure of the wire, with the method and the side that answers or hears it."""

import json
from collections.abc import Sequence
from typing import Any

from forkpoint.generate import wire_types
from forkpoint.generate.describe import ABSENT, Call, Description, ErrorKind, Member, Structure, describe

TOKENS = ("workDoneToken", "partialResultToken", "_meta")
"""Members that every params object may carry beside its own."""


def render() -> bytes:
    """Give the file's contents."""
    return (json.dumps(document(describe()), indent=2, ensure_ascii=False) + "\n").encode()


def document(description: Description) -> dict[str, Any]:
    """Give the schema as plain values."""
    definitions: dict[str, Any] = {}
    for call in description.calls:
        definitions[call.params.name] = _params(call)
        definitions.setdefault(call.result.name, _object(call.result))
        # Named by the call even where the structure has a name of its own, so that each method finds its result.
        name = call.params.name.removesuffix("Params") + "Result"
        body = definitions[name] if name == call.result.name else {"$ref": f"#/$defs/{call.result.name}"}
        definitions[name] = {**body, "x-method": call.method, "x-side": "server"}
    for event in description.events:
        definitions[event.params.name] = {**_object(event.params), "x-method": event.method, "x-side": "client"}
    for structure in description.shared:
        definitions.setdefault(structure.name, _object(structure))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Forkpoint protocol",
        "x-protocol-version": description.protocol_version,
        "x-notifications": [event.method for event in description.events],
        "x-filters": list(description.filters),
        "x-errors": [_error(error) for error in description.errors],
        "properties": {"settings": _settings(description.settings)},
        "$defs": definitions,
    }


def _params(call: Call) -> dict[str, Any]:
    body = _object(call.params)
    body["properties"].update({name: {} for name in TOKENS})
    return {
        **body,
        "additionalProperties": False,
        "x-method": call.method,
        "x-side": "server",
        "x-scope": call.scope,
        "x-command": call.command,
        "x-title": call.title,
    }


def _object(structure: Structure) -> dict[str, Any]:
    return {"description": _one_line(structure.documentation), **_members(structure.members)}


def _members(members: Sequence[Member]) -> dict[str, Any]:
    required = [member.name for member in members if member.required]
    return {
        "type": "object",
        "properties": {member.name: _member(member) for member in members},
        **({"required": required} if required else {}),
    }


def _settings(settings: Sequence[Member]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for setting in settings:
        group, _, name = setting.name.rpartition(".")
        holder = properties
        if group:
            holder = properties.setdefault(group, {"type": "object", "properties": {}})["properties"]
        holder[name] = _member(setting)
    return {"type": "object", "properties": properties}


def _member(member: Member) -> dict[str, Any]:
    default = {} if member.default is ABSENT else {"default": member.default}
    return {"description": member.documentation, **wire_types.schema(member.type), **default}


def _error(error: ErrorKind) -> dict[str, Any]:
    return {
        "kind": error.kind,
        "code": error.code,
        "description": _one_line(error.documentation),
        "data": _members(error.members),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
