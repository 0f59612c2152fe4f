"""The settings in force: the defaults, what `initialize` brought, and over both the editor's section `forkpoint`."""

from typing import Any

from forkpoint.lsp.json_values import is_object
from forkpoint.model.settings import SECTION, BadSetting, Settings, read_settings


class Configuration:
    """Holds the settings, and remembers which bad values the user was told of."""

    def __init__(self) -> None:
        self.settings = Settings()
        self._at_start = self.settings
        self._untold: list[BadSetting] = []
        self._told: set[BadSetting] = set()

    def start(self, options: Any) -> None:
        """Take `initializationOptions`: the settings at top level, without a prefix."""
        self._at_start, bad = read_settings(options, Settings(), at_start=True)
        self.settings = self._at_start
        self._untold += bad

    def change(self, section: Any) -> None:
        """Take the editor's section as a whole: what it no longer names falls back to what the start said."""
        self.settings, bad = read_settings(section, self._at_start, at_start=False)
        self._untold += bad

    def complaints(self) -> list[str]:
        """Give one sentence for each bad value that was not told before."""
        new = [bad for bad in dict.fromkeys(self._untold) if bad not in self._told]
        self._untold.clear()
        self._told.update(new)
        return [bad.sentence() for bad in new]


def pushed_section(settings: Any) -> Any:
    """Give our section of what `workspace/didChangeConfiguration` pushed; None when it is not in there."""
    return settings.get(SECTION) if is_object(settings) else None
