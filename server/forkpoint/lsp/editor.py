"""What we know of the editor: its workspace folders and its settings, followed as they change."""

from collections.abc import Sequence
from typing import Any

from forkpoint.lsp.client_profile import ClientProfile
from forkpoint.lsp.configuration import Configuration, pushed_section
from forkpoint.lsp.json_values import is_array
from forkpoint.lsp.log import logger
from forkpoint.lsp.outgoing import ClientRefused, Outgoing
from forkpoint.lsp.workspace_folders import changed_folders
from forkpoint.model.settings import SECTION, Settings

WARNING = 2
"""The type of a `window/logMessage` that warns."""


class Editor:
    """The state of one client."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._configuration = Configuration()
        self._folders: list[str] = []
        self._profile: ClientProfile | None = None
        self._pulls = 0

    @property
    def settings(self) -> Settings:
        """The settings in force now."""
        return self._configuration.settings

    @property
    def folders(self) -> Sequence[str]:
        """The workspace folders now, as paths, in the editor's order."""
        return self._folders

    def greet(self, profile: ClientProfile) -> None:
        """Take what `initialize` told."""
        self._profile = profile
        self._folders = list(profile.folders)
        self._configuration.start(profile.options)

    async def initialized(self) -> None:
        """Complain about the first settings, and ask for those that the editor keeps."""
        self._complain()
        if self._profile is None:
            return
        if self._profile.registers_configuration:
            await self._ask("client/registerCapability", {"registrations": [_REGISTRATION]})
        if self._profile.answers_configuration:
            await self._pull()

    async def configuration_changed(self, settings: Any) -> None:
        """Take pushed settings; ask for them when the push does not hold ours."""
        section = pushed_section(settings)
        if section is not None:
            self._pulls += 1  # an answer still under way is older than this
            self._apply(section)
        elif self._profile is not None and self._profile.answers_configuration:
            await self._pull()

    def folders_changed(self, removed: Sequence[str], added: Sequence[str]) -> None:
        """Take URIs of folders that went and came."""
        self._folders = changed_folders(self._folders, removed, added)

    async def _pull(self) -> None:
        self._pulls += 1
        pull = self._pulls
        answer = await self._ask("workspace/configuration", {"items": [{"section": SECTION}]})
        if pull == self._pulls and is_array(answer) and answer:
            self._apply(answer[0])

    async def _ask(self, method: str, params: Any) -> Any:
        try:
            return await self._outgoing.ask(method, params)
        except ClientRefused:
            logger.warning("the client refused %s", method)
            return None

    def _apply(self, section: Any) -> None:
        self._configuration.change(section)
        self._complain()

    def _complain(self) -> None:
        for sentence in self._configuration.complaints():
            self._outgoing.notify("window/logMessage", {"type": WARNING, "message": f"Forkpoint: {sentence}"})


_REGISTRATION = {
    "id": "forkpoint-configuration",
    "method": "workspace/didChangeConfiguration",
    "registerOptions": {"section": SECTION},
}
