"""The VS Code package."""

import json
import re
from pathlib import Path

from tools.node import EXTENSION, extension_program
from tools.server_bundle import SERVER, make_bundle
from tools.shell import Failed, quietly


def make_vsix(file: Path | None = None) -> Path:
    """Bundle the extension and the server, and pack them into a file; give its absolute path.

    Without a name it is `forkpoint-<version>.vsix` beside the extension's manifest.
    """
    version = the_version()
    file = EXTENSION / f"forkpoint-{version}.vsix" if file is None else file.absolute()
    bundle_extension()
    file.parent.mkdir(parents=True, exist_ok=True)
    # What our code imports is bundled already, so no npm package goes along. There is no repository to name, so vsce
    # must neither ask for one nor turn the README's links into links there.
    flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", str(file)]
    packing = extension_program("node_modules/@vscode/vsce/vsce", "package", *flags)
    quietly(packing, "Packing with vsce", cwd=EXTENSION, error=Failed)
    return file


def bundle_extension() -> None:
    """Make `dist/`: the extension as one file, and the server."""
    bundling = extension_program("esbuild.mjs")
    quietly(bundling, "Bundling with esbuild", cwd=EXTENSION, error=Failed)
    make_bundle(EXTENSION / "dist" / "server")


def the_version() -> str:
    """Give the version that the manifest and the server agree on."""
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))["version"]
    said = re.search(r'^VERSION = "(.+)"$', (SERVER / "model" / "version.py").read_text(encoding="utf-8"), re.MULTILINE)
    server = said[1] if said else None
    if manifest != server:
        raise Failed(f"package.json of the extension says version {manifest}, the server says {server}.")
    return manifest
