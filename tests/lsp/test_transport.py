"""The threads between descriptors and loop, over real pipes."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator

import pytest

from forkpoint.lsp.frames import Frame, FrameParser, frame_header
from forkpoint.lsp.transport import READ_BELOW, ROOM_BELOW, FrameReader, FrameWriter

PATIENCE = 45.0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        with contextlib.suppress(OSError):  # the test may have closed it itself
            os.close(descriptor)


def read_exactly(descriptor: int, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(descriptor, min(count - len(data), 1 << 20))):
        data += more
    return data


def writer_on(descriptor: int, broken: list[bool]) -> FrameWriter:
    writer = FrameWriter(descriptor, asyncio.get_running_loop(), on_broken=lambda: broken.append(True))
    writer.start()
    return writer


@pytest.mark.parametrize("blocking", [True, False])
async def test_bodies_are_framed_in_order(pipe: tuple[int, int], blocking: bool) -> None:
    reading, writing = pipe
    os.set_blocking(writing, blocking)
    writer = writer_on(writing, [])
    bodies = [b"{}", b"x" * 3_000_000, "ü".encode(), b"y" * 600_000]
    for body in bodies:
        writer.send(body)
    expected = b"".join(frame_header(len(body)) + body for body in bodies)
    assert await asyncio.to_thread(read_exactly, reading, len(expected)) == expected
    writer.finish(PATIENCE)
    assert writer.backlog == 0


async def test_sending_never_waits_and_room_does(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = writer_on(writing, [])
    await writer.room()
    body = b"x" * (ROOM_BELOW + 2_000_000)
    writer.send(body)
    waiting = [asyncio.create_task(writer.room()) for _ in range(3)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    await asyncio.to_thread(read_exactly, reading, len(frame_header(len(body))) + len(body))
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
    writer.finish(PATIENCE)


async def test_reading_pauses_while_far_too_much_waits(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = writer_on(writing, [])
    body = b"x" * (READ_BELOW // 2 + 1)
    writer.send(body)
    writer.wait_to_read()
    writer.send(body)
    paused = threading.Thread(target=writer.wait_to_read)
    paused.start()
    paused.join(0.05)
    assert paused.is_alive()
    await asyncio.to_thread(read_exactly, reading, 2 * (len(frame_header(len(body))) + len(body)))
    await asyncio.to_thread(paused.join, PATIENCE)
    assert not paused.is_alive()
    writer.finish(PATIENCE)


async def test_a_closed_reader_is_told_once_and_nothing_waits_for_it(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(reading)
    broken: list[bool] = []
    writer = writer_on(writing, broken)
    for _ in range(5):
        writer.send(b"x" * ROOM_BELOW)
    await asyncio.wait_for(writer.room(), PATIENCE)
    writer.finish(PATIENCE)
    await asyncio.sleep(0)
    assert broken == [True]


async def test_finishing_gives_up_on_a_reader_that_does_not_read(pipe: tuple[int, int]) -> None:
    _, writing = pipe
    writer = writer_on(writing, [])
    writer.send(b"x" * 5_000_000)
    writer.finish(0.05)
    assert writer.backlog > 0


@pytest.mark.parametrize("blocking", [True, False])
async def test_frames_reach_the_loop_and_so_does_the_end(pipe: tuple[int, int], blocking: bool) -> None:
    reading, writing = pipe
    os.set_blocking(reading, blocking)
    frames: list[Frame] = []
    ended = asyncio.Event()
    reader = FrameReader(
        reading,
        FrameParser(),
        asyncio.get_running_loop(),
        receive=frames.extend,
        on_end=ended.set,
        before_read=lambda: None,
    )
    reader.start()
    bodies = [b"{}", b"x" * 300_000, b"[]"]
    for body in bodies:
        await asyncio.to_thread(os.write, writing, frame_header(len(body)) + body)
    os.close(writing)
    await asyncio.wait_for(ended.wait(), PATIENCE)
    assert frames == bodies
