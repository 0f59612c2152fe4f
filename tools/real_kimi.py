"""A real Kimi CLI for the tests, and the Python it runs on."""

from pathlib import Path

from tools.cache import tool
from tools.newer_python import newer_python
from tools.shell import quietly

KIMI = "1.49.0"


def kimi_tools() -> dict[str, str]:
    """Give the Python that has the package, by the environment variable that tells the tests."""
    python = newer_python()

    def install(folder: Path) -> None:
        python.make_environment(folder, f"kimi-cli=={KIMI}")
        home = {"HOME": str(folder / "home"), "KIMI_SHARE_DIR": str(folder / "home")}
        quietly([folder / "bin" / "python", "-c", "import kimi_cli.app, kimi_cli.web.app"], "Starting Kimi", env=home)

    return {"FORKPOINT_KIMI": str(tool("kimi-cli", f"{KIMI}-python-{python.tag}", install) / "bin" / "python")}
