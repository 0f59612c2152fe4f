"""Running one program: what it prints, its limits, and that nothing of it is left behind."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forkpoint.model.failures import NotSupported, TimedOut, TooLarge
from forkpoint.stores.git_runner import COMPLAINT_LIMIT, PROGRAMS_AT_ONCE, Finished, GitRunner, find_git
from tests.stores.hanging_program import HangingProgram, until


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[HangingProgram]:
    program = HangingProgram(tmp_path)
    yield program
    program.close()


async def shell(script: str, *, timeout_ms: int = 20_000, limit: int = 10_000) -> Finished:
    """Run a shell script in place of git, in an environment that has only PATH."""
    environment = {b"PATH": os.environb[b"PATH"]}
    arguments = (b"-c", script.encode())
    return await GitRunner("/bin/sh").run(arguments, environment, timeout_ms=timeout_ms, limit=limit, what="git test")


async def run(program: HangingProgram, timeout_ms: int = 20_000) -> Finished:
    environment = {b"PATH": os.environb[b"PATH"]}
    return await GitRunner(str(program.path)).run((), environment, timeout_ms=timeout_ms, limit=1000, what="git test")


async def test_code_output_and_first_line_of_complaint() -> None:
    finished = await shell("printf 'a\\0b\\n'; echo; echo fatal: broken. >&2; echo more >&2; exit 3")
    assert finished == Finished(3, b"a\0b\n\n", "fatal: broken")


async def test_a_signal_is_told_as_a_negative_code() -> None:
    assert (await shell("kill -TERM $$")).code == -15


async def test_the_environment_is_only_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/somewhere")
    monkeypatch.setenv("PARENT", "seen")
    assert b"GIT_DIR" not in (await shell("env")).output
    assert b"PARENT" not in (await shell("env")).output


async def test_there_is_nothing_to_read_and_no_terminal() -> None:
    assert (await shell("cat; [ -t 0 ] || echo none; (: </dev/tty) 2>/dev/null || echo no terminal")).output == (
        b"none\nno terminal\n"
    )


async def test_complaints_are_cut() -> None:
    finished = await shell(f"head -c {COMPLAINT_LIMIT * 40} /dev/zero | tr '\\0' x >&2")
    assert finished == Finished(0, b"", "x" * COMPLAINT_LIMIT)


async def test_output_up_to_the_limit_is_given_and_one_byte_more_is_too_large() -> None:
    assert len((await shell("head -c 5000 /dev/zero", limit=5000)).output) == 5000
    with pytest.raises(TooLarge) as caught:
        await shell("head -c 5001 /dev/zero", limit=5000)
    assert (caught.value.what, caught.value.limit) == ("git test", 5000)


async def test_a_program_that_never_stops_printing_is_stopped(tmp_path: Path) -> None:
    program = HangingProgram(tmp_path, "echo started >&3\nyes")
    with pytest.raises(TooLarge):
        await run(program)
    await program.is_dead()
    program.close()


async def test_the_time_limit_kills_the_whole_group(hanging: HangingProgram) -> None:
    begun = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        await run(hanging, timeout_ms=500)
    assert (caught.value.what, caught.value.after_ms) == ("git test", 500)
    assert 0.4 < time.monotonic() - begun < 45
    await hanging.is_dead()


async def test_a_program_that_closed_its_pipes_is_stopped_too(tmp_path: Path) -> None:
    program = HangingProgram(tmp_path, "echo started >&3\nexec >&- 2>&-\nsleep 600 &\nsleep 600")
    with pytest.raises(TimedOut):
        await run(program, timeout_ms=500)
    await program.is_dead()
    program.close()


async def test_a_child_that_keeps_the_pipes_is_stopped_after_its_parent(tmp_path: Path) -> None:
    program = HangingProgram(tmp_path, "sleep 600 &\necho started >&3")
    with pytest.raises(TimedOut):
        await run(program, timeout_ms=500)
    await program.is_dead()
    program.close()


async def test_a_cancelled_wait_kills_the_whole_group(hanging: HangingProgram) -> None:
    waiting = asyncio.create_task(run(hanging))
    await hanging.started()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await hanging.is_dead()


async def test_only_so_many_programs_run_at_once(tmp_path: Path) -> None:
    runner = GitRunner("/bin/sh")
    script = b"cd %s; echo 1 >> log; until [ -e go ]; do sleep 0.01; done; echo -1 >> log" % os.fsencode(tmp_path)
    environment = {b"PATH": os.environb[b"PATH"]}
    log = tmp_path / "log"
    log.touch()
    async with asyncio.TaskGroup() as group:
        for _ in range(PROGRAMS_AT_ONCE * 3):
            group.create_task(runner.run((b"-c", script), environment, timeout_ms=20_000, limit=1, what="git test"))
        await until(lambda: len(log.read_text().split()) >= PROGRAMS_AT_ONCE, "the programs did not start")
        (tmp_path / "go").touch()
    steps = [int(line) for line in log.read_text().split()]
    assert len(steps) == PROGRAMS_AT_ONCE * 6
    assert max(itertools.accumulate(steps)) == PROGRAMS_AT_ONCE


async def test_the_loop_goes_on_while_a_program_runs(hanging: HangingProgram) -> None:
    waiting = asyncio.create_task(run(hanging, timeout_ms=1000))
    await hanging.started()
    ticks = 0
    while not waiting.done():
        await asyncio.sleep(0.001)
        ticks += 1
    with pytest.raises(TimedOut):
        await waiting
    assert ticks > 50


async def test_a_program_that_is_not_there_is_not_supported(tmp_path: Path) -> None:
    with pytest.raises(NotSupported, match="does not start"):
        await GitRunner(str(tmp_path / "git")).run((), {}, timeout_ms=1000, limit=10, what="git test")


def test_git_is_found_on_path_but_not_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "git").write_text("#!/bin/sh\n")
        (tmp_path / folder / "git").chmod(0o755)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "there")]))
    assert find_git() == str(tmp_path / "there" / "git")
    monkeypatch.setenv("PATH", os.pathsep.join([".", ""]))
    assert find_git() is None
