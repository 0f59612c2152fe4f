"""A throw-away VS Code: the full workbench and a real extension host, served to a browser on this machine alone.

Everything lies below one temporary folder: HOME, settings, extensions, logs. Nothing of the machine's own agents or
editors is seen, and the marketplace is turned off.
"""

import contextlib
import http.client
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.editors.vscode.processes import Process, kill_group, sidecars_below
from tests.editors.vscode.tools import Tools
from tests.end_to_end.server_process import server_environment

START_PATIENCE = 60.0
"""Seconds that code-server may take to answer."""
LOG_TAIL = 6000
"""Characters of each log that a failure shows."""
GRACE = 5
"""Seconds that the extension host of a closed page lives on; the default is hours."""

USER_SETTINGS: Mapping[str, Any] = {
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "remote.autoForwardPorts": False,
    "files.autoSave": "off",
    "git.openRepositoryInParentFolders": "never",
    "security.workspace.trust.enabled": False,
    "terminal.integrated.gpuAcceleration": "off",
}


class CodeServer:
    """One code-server with its user. Use it as a context manager; it runs from `start()` on."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._folder = tempfile.TemporaryDirectory(prefix="forkpoint-")
        self.root = Path(self._folder.name).resolve()
        self.home = self.root / "ana"
        self.data = self.root / "data"
        self.extensions = self.root / "extensions"
        for folder in (self.home, self.data / "User", self.data / "Machine", self.extensions):
            folder.mkdir(parents=True)
        (self.root / "config.yaml").write_text("auth: none\n")
        self.set_user_settings({})
        self.set_machine_settings({})
        self.variables: dict[str, str] = {}
        """Further variables of its environment."""
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- before the start ---------------------------------------------------------------------------------------

    def set_user_settings(self, settings: Mapping[str, Any]) -> None:
        """Write the user's settings: ours and, over them, these."""
        (self.data / "User" / "settings.json").write_text(json.dumps({**USER_SETTINGS, **settings}, indent=2))

    def set_machine_settings(self, settings: Mapping[str, Any]) -> None:
        """Write the machine's settings: in a browser, those of scope `machine` are kept from here alone."""
        (self.data / "Machine" / "settings.json").write_text(json.dumps(settings, indent=2))

    def install_extension(self) -> None:
        """Install the packaged extension, as a person does."""
        done = subprocess.run(
            [*self._command, "--install-extension", str(self.tools.vsix)],
            env=self.environment(),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=START_PATIENCE,
        )
        if done.returncode or b"successfully installed" not in done.stdout:
            raise RuntimeError(f"the extension was not installed:\n{(done.stdout + done.stderr).decode()}")

    # --- life ---------------------------------------------------------------------------------------------------

    def start(self, *options: str, trust: bool = True) -> Self:
        """Start it and wait until it answers. Without `trust`, folders are not trusted until somebody says so."""
        if trust:
            options = ("--disable-workspace-trust", *options)
        with (self.root / "code-server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command, *START_OPTIONS, *options],
                env=self.environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"code-server does not answer:\n{self._own_log()}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End everything that it started and remove its folder."""
        if self._process is not None:
            kill_group(self._process)
            self._process = None
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        """The process that leads everything that runs for it."""
        assert self._process is not None, "start it first"
        return self._process.pid

    def sidecars(self) -> list[Process]:
        """Give the Forkpoint servers that its extension hosts have started, the oldest first."""
        return sidecars_below(self.pid)

    def environment(self) -> dict[str, str]:
        """Give the whole environment of it and of everything it starts."""
        own = {name: value for name, value in server_environment(self.home).items() if name != "PYTHONPATH"}
        return own | {"EXTENSIONS_GALLERY": "{}", "SHELL": "/bin/sh"} | self.variables

    # --- logs ---------------------------------------------------------------------------------------------------

    def logs(self) -> str:
        """Give the tail of every log that tells why something failed."""
        parts = [f"--- code-server\n{self._own_log()}"]
        for path in (*self._logs("remoteexthost.log"), *self._logs("forkpoint.forkpoint")):
            parts.append(f"--- {path.relative_to(self.data)}\n{path.read_text(errors='replace')[-LOG_TAIL:]}")
        return "\n".join(parts)

    def host_logs(self) -> list[str]:
        """Give what the extension hosts have logged, one of each window so far."""
        return [path.read_text(errors="replace") for path in self._logs("remoteexthost.log")]

    def _logs(self, part: str) -> list[Path]:
        """Give the logs with this in their path, in the order of their windows."""
        found = (path for path in (self.data / "logs").rglob("*.log") if part in path.as_posix())
        return sorted(found, key=lambda path: (len(path.as_posix()), path))

    def _own_log(self) -> str:
        log = self.root / "code-server.log"
        return log.read_text(errors="replace")[-LOG_TAIL:] if log.is_file() else ""

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _command(self) -> Sequence[str]:
        folders = ("--user-data-dir", str(self.data), "--extensions-dir", str(self.extensions))
        config = ("--config", str(self.root / "config.yaml"))
        return (str(self.tools.node), str(self.tools.code_server), *config, *folders)

    def _answers(self) -> bool:
        said = re.search(r"HTTP server listening on (http://127\.0\.0\.1:\d+)", self._own_log())
        if said is None:
            return False
        self.url = said[1]
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False


START_OPTIONS = (
    *("--bind-addr", "127.0.0.1:0", "--auth", "none"),
    *("--reconnection-grace-time", str(GRACE)),
    *("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--ignore-last-opened"),
)
"""Port 0: the machine picks one that is free, and the log says which."""
