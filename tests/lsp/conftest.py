"""Every test of this folder that talks runs with both codecs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from forkpoint.lsp import outgoing
from forkpoint.parsing import json_lines
from tests.lsp.talk import Talk


@pytest.fixture(params=["msgspec", "json"])
def codec(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which codec is in use; `json` hides msgspec, as where it is not installed."""
    if request.param == "json":
        monkeypatch.setattr(json_lines, "msgspec", None)
        monkeypatch.setattr(outgoing, "msgspec", None)
    else:
        assert getattr(json_lines, "msgspec", None) is not None, "the tests want msgspec installed"
    return request.param


@pytest_asyncio.fixture
async def quiet_talk(codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    """Give a conversation before its first message."""
    monkeypatch.setenv("HOME", str(tmp_path))
    talk = Talk()
    yield talk
    talk.take_all()
    await talk.conversation.close()


@pytest_asyncio.fixture
async def talk(quiet_talk: Talk) -> Talk:
    """Give a conversation that has begun."""
    reply: dict[str, Any] = await quiet_talk.start()
    assert "result" in reply
    return quiet_talk
