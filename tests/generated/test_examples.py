"""The examples are what the real server answered, and it answered what the description promises."""

import json
import re

import pytest

from forkpoint.generate.describe import Call, describe
from forkpoint.generate.examples import executed
from forkpoint.generate.targets import REPOSITORY
from forkpoint.generate.wire_types import WireType
from tests.generated.conformance import faults, object_faults

DESCRIPTION = describe()
PROTOCOL = REPOSITORY / "editor_client/protocol/PROTOCOL.md"


@pytest.mark.parametrize("call", DESCRIPTION.calls, ids=lambda call: call.method)
def test_an_answer_is_as_described(call: Call) -> None:
    example = executed()[call.method]
    assert not list(object_faults(example["params"], call.params.members, DESCRIPTION))
    assert not list(object_faults(example["result"], call.result.members, DESCRIPTION))


def test_no_example_shows_where_it_was_made() -> None:
    text = json.dumps(executed())
    assert "/home/ana" in text
    assert "forkpoint-examples" not in text
    assert not re.search(r"xxxxx|/tmp/", text)


def test_every_call_has_a_section_with_its_example() -> None:
    text = PROTOCOL.read_text(encoding="utf-8")
    for call in DESCRIPTION.calls:
        section = re.split(r"\n### |\n## ", text.split(f"\n### {call.method}\n")[1])[0]
        assert call.command in section
        assert json.dumps(executed()[call.method]["result"], indent=2, ensure_ascii=False) in section


def test_every_link_in_the_protocol_has_a_target() -> None:
    text = PROTOCOL.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"kind": "tornTail", "reason": "r", "path": "/p", "line": "1"}, "/line is no integer"),
        ({"kind": "tornTail", "reason": "r"}, "/path is missing"),
        ({"kind": "tornTail", "reason": "r", "path": "/p", "more": 1}, "/more is not described"),
        ({"kind": True, "reason": "r", "path": "/p"}, "/kind is no string"),
    ],
)
def test_the_check_sees_a_fault(value: object, fault: str) -> None:
    found = list(faults(value, WireType("structure", value="Problem"), DESCRIPTION))
    assert len(found) == 1
    assert found[0].startswith(fault)
