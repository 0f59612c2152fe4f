"""A client of the Forkpoint server: started, spoken to and ended."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, Unpack, cast

from forkpoint_client.calls import Calls
from forkpoint_client.connection import CallOptions, Connection, NotificationHandler, RequestHandler
from forkpoint_client.errors import ConnectionLost, ForkpointError
from forkpoint_client.left_out import LEFT_OUT

DEFAULT_COMMAND = (sys.executable, "-m", "forkpoint")


class ForkpointClient(Calls):
    """A running server with a typed method for each of its calls.

    async with await ForkpointClient.start(folders=["/home/ana/shop"]) as client:
        page = await client.list_sessions(folders=["/home/ana/shop"])
    """

    def __init__(self, connection: Connection, settings: Mapping[str, Any]) -> None:
        self.connection = connection
        self.initialize_result: dict[str, Any] = {}
        self._settings = dict(settings)
        connection.on_request("workspace/configuration", self._configuration)
        for method in ("window/workDoneProgress/create", "client/registerCapability", "client/unregisterCapability"):
            connection.on_request(method, _nothing)
        connection.on_request("window/showMessageRequest", _nothing)

    @classmethod
    async def start(
        cls,
        command: Sequence[str] = DEFAULT_COMMAND,
        *,
        env: Mapping[str, str] | None = None,
        folders: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
        notifications: Sequence[str] = (),
        on_stderr: Callable[[str], object] | None = None,
    ) -> Self:
        """Start a server and initialize it.

        `folders` are the workspace folders as absolute paths, `settings` what PROTOCOL.md lists, `notifications`
        the methods the server may send. Errors: ConnectionLost, and OSError when the command cannot be run.
        """
        connection = await Connection.open(command, env=env, on_stderr=on_stderr)
        client = cls(connection, settings or {})
        try:
            await client._initialize(folders, notifications)
        except BaseException:
            await connection.kill()
            raise
        return client

    @property
    def capabilities(self) -> dict[str, Any]:
        """What the server can do beside LSP: protocolVersion, methods, notifications and filters."""
        experimental = cast("dict[str, Any]", self.initialize_result["capabilities"].get("experimental") or {})
        return experimental.get("forkpoint") or {}

    async def call(
        self, method: str, params: Mapping[str, Any], nullable: Mapping[str, Any] = {}, **options: Unpack[CallOptions]
    ) -> Any:
        """Call any method. Errors: ForkpointError, ConnectionLost.

        Of `params` those that are None are left out; of `nullable`, for which None means null, those that are LEFT_OUT.
        """
        given = {name: value for name, value in params.items() if value is not None}
        given |= {name: value for name, value in nullable.items() if value is not LEFT_OUT}
        return await self.connection.request(method, given, **options)

    async def execute(self, command: str, argument: Mapping[str, Any] | None = None) -> Any:
        """Run one of the server's commands (`forkpoint.server.noun.verb`), which takes the params of its request."""
        arguments = [] if argument is None else [dict(argument)]
        return await self.connection.request("workspace/executeCommand", {"command": command, "arguments": arguments})

    def on_notification(self, method: str, handler: NotificationHandler) -> None:
        """Call `handler` with the params of each such notification."""
        self.connection.on_notification(method, handler)

    def on_request(self, method: str, handler: RequestHandler) -> None:
        """Answer such requests of the server with what `handler` gives."""
        self.connection.on_request(method, handler)

    async def change_folders(self, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """Tell the server that workspace folders came or went."""
        event = {"added": [_folder(path) for path in added], "removed": [_folder(path) for path in removed]}
        await self.connection.notify("workspace/didChangeWorkspaceFolders", {"event": event})

    async def change_settings(self, settings: Mapping[str, Any]) -> None:
        """Replace the settings of the running server."""
        self._settings = dict(settings)
        await self.connection.notify("workspace/didChangeConfiguration", {"settings": {"forkpoint": self._settings}})

    async def close(self) -> int:
        """Shut the server down, wait for its end and give its exit code."""
        try:
            await self.connection.request("shutdown", None)
            await self.connection.notify("exit", None)
        except (ConnectionLost, ForkpointError):
            pass  # it is gone or in no state to answer; closing below ends it either way
        return await self.connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _initialize(self, folders: Sequence[str], notifications: Sequence[str]) -> None:
        params = {
            "processId": os.getpid(),
            "clientInfo": {"name": "forkpoint-client"},
            "rootUri": Path(folders[0]).as_uri() if folders else None,
            "workspaceFolders": [_folder(path) for path in folders],
            "initializationOptions": self._settings,
            "capabilities": {
                "workspace": {"workspaceFolders": True, "configuration": True},
                "window": {"workDoneProgress": True},
                "experimental": {"forkpoint": {"notifications": list(notifications)}},
            },
        }
        self.initialize_result = await self.connection.request("initialize", params)
        await self.connection.notify("initialized", {})

    def _configuration(self, params: Any) -> list[Any]:
        return [self._settings if item.get("section") == "forkpoint" else None for item in params["items"]]


def _folder(path: str) -> dict[str, str]:
    return {"uri": Path(path).as_uri(), "name": Path(path).name or path}


def _nothing(params: Any) -> None:
    """The answer to requests that only have to be acknowledged."""
