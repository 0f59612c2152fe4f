"""protocol/calls.ts of the VS Code extension: a typed method for each operation."""

import textwrap
from collections.abc import Iterator, Sequence

from forkpoint.generate import wire_types
from forkpoint.generate.describe import Call, Description, Event, Member, Structure, describe
from forkpoint.model.naming import camel_case

WIDTH = 120
HEAD = """// The calls of the Forkpoint server. Generated: run `python3 dev.py generate`, do not edit.
"""
CLASS = """
/** How a client cancels a call; an AbortSignal's counterpart in the editor. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** Sends one request. Errors: whatever the connection raises; the server's own have `data.kind`. */
export type Send = (method: string, params: object, cancel?: Cancellation) => Promise<unknown>;

/** Every operation of the server as a method. */
export class Calls {
  constructor(private readonly send: Send) {}
"""


def render() -> bytes:
    """Give the file's contents."""
    return "".join(_parts(describe())).encode()


def _parts(description: Description) -> Iterator[str]:
    yield HEAD
    yield f"\nexport const PROTOCOL_VERSION = {description.protocol_version};\n"
    kinds = "\n".join(f'  | "{error.kind}"' for error in description.errors)
    yield f"\n/** What an error's `data.kind` can be. */\nexport type ErrorKind =\n{kinds};\n"
    shared = {structure.name for structure in description.shared}
    for structure in description.shared:
        yield _interface(structure, given=False)
    results = {call.result.name: call.result for call in description.calls if call.result.name not in shared}
    for call in description.calls:
        yield _interface(call.params, given=True)
    for structure in results.values():
        yield _interface(structure, given=False)
    for event in description.events:
        yield _interface(event.params, given=False)
    yield _events(description.events)
    yield CLASS
    for call in description.calls:
        yield _method(call)
    yield "}\n"


def _events(events: Sequence[Event]) -> str:
    members = "".join(f'  "{event.method}": {event.params.name};\n' for event in events)
    comment = "/** What the server tells a client that names it: the params of each notification. */"
    return f"\n{comment}\nexport interface Events {{\n{members}}}\n"


def _interface(structure: Structure, *, given: bool) -> str:
    comment = _comment(structure.documentation, "")
    if not structure.members:
        return f"\n{comment}\nexport type {structure.name} = Record<string, never>;\n"
    lines = [f"\n{comment}\nexport interface {structure.name} {{"]
    for member in structure.members:
        lines += [_comment(member.documentation, "  "), _member(member, given=given)]
    return "\n".join([*lines, "}", ""])


def _member(member: Member, *, given: bool) -> str:
    written = wire_types.typescript(member.type, given=given)
    name = ("readonly " if given else "") + member.name
    return f"  {name}: {written};" if member.required else f"  {name}?: {written} | undefined;"


def _method(call: Call) -> str:
    text = call.documentation + (f"\n\nError kinds: {call.errors}." if call.errors else "")
    given = any(member.required for member in call.params.members)
    params = f"params: {call.params.name}{'' if given else ' = {}'}"
    return "\n".join(
        [
            "",
            _comment(text, "  "),
            f"  {camel_case(call.python_name)}({params}, cancel?: Cancellation): Promise<{call.result.name}> {{",
            f'    return this.send("{call.method}", params, cancel) as Promise<{call.result.name}>;',
            "  }",
            "",
        ]
    )


def _comment(text: str, margin: str) -> str:
    safe = text.replace("*/", "* /")
    if "\n" not in safe and len(margin) + len(safe) + 7 <= WIDTH:
        return f"{margin}/** {safe} */"
    start = f"{margin} * "
    lines = [
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=start,
            subsequent_indent=start,
            break_long_words=False,
            break_on_hyphens=False,
        ).rstrip()
        or start.rstrip()
        for line in safe.split("\n")
    ]
    return "\n".join([f"{margin}/**", *lines, f"{margin} */"])
