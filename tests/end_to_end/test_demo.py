"""What `python3 dev.py demo` runs."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.samples_home import make_home

PATIENCE = 45.0


async def run_demo(*arguments: str, env: dict[str, str]) -> tuple[int, str]:
    """Run the demo and give its exit code and what it shows."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forkpoint_client.demo", *arguments, env=env, stdout=asyncio.subprocess.PIPE
    )
    shown, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode is not None
    return process.returncode, shown.decode()


async def test_the_demo_shows_a_sidebar(tmp_path: Path) -> None:
    sample = make_home(tmp_path)
    code, shown = await run_demo("--folder", str(sample.work_dir), env=sample.environment())
    assert code == 0
    for step in ("sessions/list", "history/read", "git/diffStats", "files/read"):
        assert f"\n{step}: " in shown
    assert "Speed up the importer  (3 turns)" in shown
    assert "Write a test for the retry.  (1 turn, 1 problem)" in shown
    assert "docs/roadmap.md  (was docs/plan.md)" in shown
    assert ".env: pathRefused, secretName." in shown
    assert "for-no-one-else" not in shown
    assert "must not be" not in shown


async def test_the_demo_changes_a_session_where_it_is_told_to(tmp_path: Path) -> None:
    sample = make_home(tmp_path)
    code, shown = await run_demo("--changes", "--folder", str(sample.work_dir), env=sample.environment())
    assert code == 0
    assert "Another way  (1 turn), pinned" in shown
    assert "in the trash: Fork: " in shown
    code, without = await run_demo("--folder", str(sample.work_dir), env=sample.environment())
    assert code == 0
    assert "sessions/fork: " not in without
    assert without.count("Fork: ") >= 1


async def test_the_demo_takes_the_folder_with_the_newest_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_home(tmp_path)
    monkeypatch.chdir(sample.work_dir)
    code, shown = await run_demo(env=sample.environment())
    assert code == 0
    assert f"the sessions of {sample.work_dir}" in shown


async def test_a_machine_without_sessions_has_its_own_exit_code(home: Path) -> None:
    assert await run_demo(env=dict(os.environ)) == (3, "")
