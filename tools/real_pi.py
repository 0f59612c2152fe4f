"""Real pis for the tests: the last one of each way to keep sessions, and the Node that each is made for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.cache import tool
from tools.node import node, node_from_npm
from tools.shell import Missing

OLD = ("@mariozechner/pi-coding-agent", "0.73.1")
OLD_NODE = "20.20.2"
NEW = ("@earendil-works/pi-coding-agent", "0.87.1")


def pi_tools() -> dict[str, str]:
    """Give the folders of the packages and their Nodes, by the environment variable that tells the tests."""
    node()  # what all the others are installed with
    with ThreadPoolExecutor() as pool:  # most of an installation is waiting for the registry
        found = {
            "FORKPOINT_NODE20": pool.submit(node_from_npm, OLD_NODE),
            "FORKPOINT_NODE24": pool.submit(node_from_npm),
            "FORKPOINT_PI_073": pool.submit(_package, *OLD),
            "FORKPOINT_PI_087": pool.submit(_package, *NEW),
        }
    return {variable: str(path.result()) for variable, path in found.items()}


def _package(name: str, version: str) -> Path:
    """Give the folder of an installed package; nothing of it is compiled, and none of its scripts is run."""

    def install(folder: Path) -> None:
        node().install(folder, f"{name}@{version}", "--omit=optional", "--ignore-scripts")
        if not (folder / "node_modules" / name).is_dir():
            raise Missing(f"npm's package {name} {version} holds no folder of that name.")

    return tool(name.replace("/", "-").lstrip("@"), version, install) / "node_modules" / name
