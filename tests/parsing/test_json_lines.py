"""Decoding that never raises, with the fast decoder and without it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.parsing import json_lines

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(params=["fast", "plain"], autouse=True, scope="module")
def codec(request: pytest.FixtureRequest) -> Any:
    """Both ways must give the same answers."""
    if request.param == "fast":
        assert json_lines.msgspec is not None
        yield
        return
    known, json_lines.msgspec = json_lines.msgspec, None
    yield
    json_lines.msgspec = known


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b'{"a": 1}', None, id="object"),
        pytest.param(b" 1 ", None, id="blanks-around"),
        pytest.param(b'{"a": 1}\r', None, id="carriage-return"),
        pytest.param(b'"\\ud83d"', None, id="lone-surrogate-escape"),
        pytest.param(b"[1e400, NaN, 1180591620717411303424]", None, id="numbers-beyond-64-bits"),
        pytest.param(b"", "notJson", id="empty"),
        pytest.param(b'{"a": ', "notJson", id="cut"),
        pytest.param(b"\0" * 64, "notJson", id="nul-filled"),
        pytest.param(b"[" * 100_000, "notJson", id="too-deep"),
        pytest.param(b"\xef\xbb\xbf{}", "notJson", id="byte-order-mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "notJson", id="utf-16"),
        pytest.param(b'{"a": "\xff"}', "badUtf8", id="bad-byte"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', "badUtf8", id="encoded-surrogate"),
        pytest.param(b'{"a": "\xff"', "notJson", id="bad-byte-and-cut"),
    ],
)
def test_faults_are_named_alike_by_every_way(raw: bytes, kind: str | None) -> None:
    found = json_lines.fault(raw)
    assert (None if found is None else found[0]) == kind
    value, lenient_kind, reason = json_lines.decode_lenient(raw)
    assert lenient_kind == kind
    assert bool(reason) == (kind is not None)
    assert (json_lines.decode(raw)[1] is None) == (kind is None)
    if kind == "badUtf8":
        assert "\ufffd" in value["a"]


@given(values)
def test_what_is_encoded_comes_back(value: Any) -> None:
    assert json_lines.decode(json_lines.encode(value)) == (value, None)


@given(st.binary(max_size=60))
def test_any_bytes_are_an_answer(raw: bytes) -> None:
    _, reason = json_lines.decode(raw)
    assert (json_lines.fault(raw) is None) == (reason is None)


@given(values)
def test_a_stored_value_is_passed_on_as_it_stands(value: Any) -> None:
    raw = json.dumps(value, indent=1).encode().replace(b"\n", b" ")
    assert json.loads(json_lines.encode([json_lines.stored_value(raw)])) == [value]


@pytest.mark.parametrize("raw", [b'{"a": "\xff"}', b"rubbish \xff", b'{"cut', b'"\\ud800"'])
def test_a_stored_value_that_is_odd_still_fits_in_a_frame(raw: bytes) -> None:
    frame = json_lines.encode(
        {"text": "\ud800", "raw": [json_lines.stored_value(raw), json_lines.stored_value(b'{"x": 1}')]}
    )
    assert json.loads(frame)["raw"][1] == {"x": 1}
