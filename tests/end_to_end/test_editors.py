"""The recorded capabilities of real editors, over stdio, through pytest-lsp's client."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

EDITORS = ("visual_studio_code", "neovim", "emacs")


@pytest_lsp.fixture(  # pyright: ignore[reportUnknownMemberType]  (pytest-lsp leaves some of it untyped)
    config=ClientServerConfig(server_command=[sys.executable, "-m", "forkpoint"]),
    params=EDITORS,
)
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[None]:
    """Give a client that says it can do what this editor can."""
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="work")],
    )

    def registered(params: types.RegistrationParams) -> None:
        assert [one.method for one in params.registrations] == ["workspace/didChangeConfiguration"]

    cast("Any", lsp_client).feature(types.CLIENT_REGISTER_CAPABILITY)(registered)
    lsp_client.set_configuration({"forkpoint": {"guard": "public"}})
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


async def test_an_editor_lists_agents_by_request_and_by_command(client: LanguageClient) -> None:
    by_request = await client.protocol.send_request_async("agents/list", {})
    params = types.ExecuteCommandParams(command="forkpoint.server.agents.list")
    by_command: Any = await client.workspace_execute_command_async(params)
    assert [agent.id for agent in by_request.agents] == [agent["id"] for agent in by_command["agents"]]
    assert {"kimi", "pi"} <= {agent.id for agent in by_request.agents}


async def test_an_editors_folder_is_known(client: LanguageClient, tmp_path: Path) -> None:
    startup = await client.protocol.send_request_async("workDirs/startup", {})
    assert startup.folder == str(tmp_path)


async def test_an_editors_document_is_no_business_of_ours(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri=uri, language_id="python", version=1, text="x"))
    )
    assert (await client.protocol.send_request_async("workDirs/startup", {})).folder == str(tmp_path)
