"""The frame parser: what was framed comes out, however it is cut, spelled, or surrounded."""

from hypothesis import given
from hypothesis import strategies as st

from forkpoint.lsp.frames import CHUNK, HEAD_KEPT, Frame, FrameParser, Oversized, frame_header

bodies = st.lists(st.one_of(st.binary(max_size=300), st.just(b""), st.just(b"x" * (CHUNK + 10))), max_size=5)
blanks = st.text(" \t", max_size=3).map(str.encode)
line_ends = st.sampled_from([b"\r\n", b"\n"])
other_headers = st.lists(
    st.sampled_from(
        [
            b"Content-Type: application/vscode-jsonrpc; charset=utf-8",
            b"X-Other: 5",
            b"Length: 3",
            b"Content-Length-X: 7",
            b"Host:",
        ]
    ),
    max_size=2,
)
garbage = st.sampled_from(
    [b"", b"\n", b"\r\n\r\n", b"some words\n", b"\xff\x00\xfe\n", b'{"id":1}', b"Content-Length: x\r\n\r\n"]
)


@st.composite
def spelled(draw: st.DrawFn, body: bytes) -> bytes:
    """Frame a body in any form that is allowed."""
    name = "".join(draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in "content-length").encode()
    end = draw(line_ends)
    length = name + draw(blanks) + b":" + draw(blanks) + str(len(body)).encode() + draw(blanks)
    lines = draw(st.permutations([length, *draw(other_headers)]))
    return b"".join(line + end for line in lines) + end + body


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Give a stream of frames with garbage between, and the bodies in it."""
    expected = draw(bodies)
    return b"".join(draw(garbage) + draw(spelled(body)) for body in expected), expected


def cut(data: bytes, sizes: list[int]) -> list[Frame]:
    """Feed a stream in pieces of these sizes, then the rest."""
    parser = FrameParser()
    frames: list[Frame] = []
    for size in sizes:
        frames += parser.feed(data[:size])
        data = data[size:]
    return frames + parser.feed(data)


@given(streams(), st.lists(st.integers(1, 50), max_size=20))
def test_every_framed_body_comes_out_in_order(stream: tuple[bytes, list[bytes]], sizes: list[int]) -> None:
    data, expected = stream
    assert cut(data, sizes) == expected


@given(st.lists(st.binary(max_size=200), max_size=6), st.lists(st.integers(1, 50), max_size=20))
def test_any_bytes_are_taken_and_later_frames_still_come(pieces: list[bytes], sizes: list[int]) -> None:
    body = b'{"jsonrpc":"2.0"}'
    frames = cut(b"".join(pieces) + b"\n" + frame_header(len(body)) + body, sizes)
    if b"ontent-" not in b"".join(pieces).lower():
        assert frames == [body]


@given(st.integers(11, 10_000), st.lists(st.integers(1, 5_000), max_size=5))
def test_a_body_over_the_limit_is_skipped_and_told(length: int, sizes: list[int]) -> None:
    parser = FrameParser(max_body=10)
    long = bytes(byte % 251 for byte in range(length))
    data = frame_header(length) + long + frame_header(2) + b"{}"
    frames: list[Frame] = []
    for size in sizes:
        frames += parser.feed(data[:size])
        data = data[size:]
    frames += parser.feed(data)
    first, second = frames
    assert isinstance(first, Oversized)
    assert (first.length, first.head) == (length, long[:HEAD_KEPT])
    assert second == b"{}"


def test_a_long_body_is_read_into_one_buffer_of_its_length() -> None:
    parser = FrameParser()
    header = frame_header(1_000_000)
    parser.space()[: len(header)] = header
    assert parser.filled(len(header)) == []
    assert len(parser.space()) == 1_000_000
    assert parser.filled(400_000) == []
    assert len(parser.space()) == 600_000
    (body,) = parser.filled(600_000)
    assert isinstance(body, bytearray)
    assert len(body) == 1_000_000


def test_a_length_behind_a_long_garbage_line_is_still_found() -> None:
    """A sender that counted characters leaves the end of its body on the line of the next header."""
    parser = FrameParser()
    left_over = b'{"text":"' + b"x" * 200_000 + b'"}'
    assert parser.feed(left_over + frame_header(2) + b"{}") == [b"{}"]


def test_a_claim_of_a_huge_body_takes_no_memory() -> None:
    assert FrameParser().feed(b"Content-Length: 999999999999999999\r\n\r\n" + b"x" * 100) == []
