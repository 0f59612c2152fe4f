"""Operations called on real stores over a temporary home, without a server in between."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from forkpoint.model.settings import Settings
from forkpoint.operations.assembly import Assembly
from forkpoint.operations.services import Call, Services, SilentCall


@attrs.define
class RecordingCall(Call):
    """A call whose client takes portions and progress."""

    streams: bool = True
    portions: list[dict[str, Any]] = attrs.Factory(list[dict[str, Any]])
    told: list[tuple[str, int | None, int | None]] = attrs.Factory(list[tuple[str, int | None, int | None]])

    async def partial(self, value: Any) -> None:
        self.portions.append(value)

    async def progress(self, message: str, done: int | None = None, total: int | None = None) -> None:
        self.told.append((message, done, total))


def services_over(home: Path, *, workspace: Sequence[Path] = (), call: Call | None = None) -> Services:
    """Give the services of a machine whose only sessions lie under a home."""
    settings = Settings(homes={"kimi": (f"{home}/.kimi",), "pi": (f"{home}/.pi/agent",)})
    assembly = Assembly(lambda: settings, lambda: [str(folder) for folder in workspace], "/started/here")
    return assembly.services(call or SilentCall())
