"""forkpoint_client/calls.py: a typed method for each operation."""

import textwrap
from collections.abc import Iterator

from forkpoint.generate import wire_types
from forkpoint.generate.describe import Call, Description, Member, Structure, describe

WIDTH = 120
HEAD = '''"""The calls of the Forkpoint server. Generated: run `python3 dev.py generate`, do not edit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack

from forkpoint_client.connection import CallOptions
from forkpoint_client.left_out import LEFT_OUT, LeftOut
'''
BASE = '''

class Calls(ABC):
    """Every operation of the server as a method. Errors of all: ForkpointError, ConnectionLost."""

    @abstractmethod
    async def call(
        self, method: str, params: Mapping[str, Any], nullable: Mapping[str, Any] = {}, **options: Unpack[CallOptions]
    ) -> Any:
        """Call any method.

        Of `params` those that are None are left out; of `nullable`, for which None means null, those that are LEFT_OUT.
        """
'''


def render() -> bytes:
    """Give the file's contents."""
    return "".join(_parts(describe())).encode()


def _parts(description: Description) -> Iterator[str]:
    yield HEAD
    kinds = ",\n    ".join(f'"{error.kind}"' for error in description.errors)
    yield f'\nErrorKind = Literal[\n    {kinds},\n]\n"""What `ForkpointError.kind` can be."""\n'
    for structure in description.shared:
        yield _typed_dict(structure)
    shared = {structure.name for structure in description.shared}
    results = {call.result.name: call.result for call in description.calls if call.result.name not in shared}
    for structure in results.values():
        yield _typed_dict(structure)
    for event in description.events:
        yield _typed_dict(event.params)
    yield BASE
    for call in description.calls:
        yield _method(call)


def _typed_dict(structure: Structure) -> str:
    lines = [f"\n\nclass {structure.name}(TypedDict):", _docstring(structure.documentation, 4), ""]
    for member in structure.members:
        written = wire_types.python(member.type, given=False)
        lines.append(f"    {member.name}: {written if member.required else f'NotRequired[{written}]'}")
        lines.append(_docstring(member.documentation, 4))
    return "\n".join(lines).rstrip() + "\n"


def _method(call: Call) -> str:
    members = sorted(call.params.members, key=lambda member: not member.required)
    signature = ["self", *(["*"] if members else []), *(_parameter(member) for member in members)]
    signature.append("**options: Unpack[CallOptions]")
    text = [call.documentation]
    if members:
        text.append("\n".join(f"{member.python_name}: {member.documentation}" for member in members))
    if call.errors:
        text.append(f"Error kinds: {call.errors}.")
    return "\n".join(
        [
            "",
            f"    async def {call.python_name}(",
            *(f"        {part}," for part in signature[:-1]),
            f"        {signature[-1]},",
            f"    ) -> {call.result.name}:",
            _docstring("\n\n".join(text), 8),
            "        return await self.call(",
            f'            "{call.method}",',
            _arguments(members),
            "            **options,",
            "        )",
            "",
        ]
    )


def _parameter(member: Member) -> str:
    written = wire_types.python(member.type, given=True)
    if member.required:
        return f"{member.python_name}: {written}"
    if member.type.allows_null:
        present = wire_types.python(member.type.without_null(), given=True)
        return f"{member.python_name}: {present} | LeftOut | None = LEFT_OUT"
    return f"{member.python_name}: {written}{'' if written == 'Any' else ' | None'} = None"


def _arguments(members: list[Member]) -> str:
    """Write the params, and apart from them those for which None means null."""
    nullable = [member for member in members if not member.required and member.type.allows_null]
    usual = [member for member in members if member not in nullable]
    return _object(usual) + ("\n" + _object(nullable) if nullable else "")


def _object(members: list[Member]) -> str:
    if not members:
        return "            {},"
    rows = [f'                "{member.name}": {member.python_name},' for member in members]
    return "\n".join(["            {", *rows, "            },"])


def _docstring(text: str, indent: int) -> str:
    margin = " " * indent
    safe = text.replace("\\", "\\\\").replace('"""', "'''")
    if "\n" not in safe and len(safe) + indent + 6 <= WIDTH:
        return f'{margin}"""{safe}"""'
    lines = [_wrapped(line, margin) for line in f'"""{safe}'.split("\n")]
    return "\n".join([*lines, f'{margin}"""'])


def _wrapped(line: str, margin: str) -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=margin, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    ).rstrip()
