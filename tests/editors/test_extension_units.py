"""The TypeScript tests of the extension: each file is a case here, and shows what failed in it."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.architecture.source_files import ROOT
from tests.end_to_end.server_process import PATIENCE
from tools.node import extension_program, node

EXTENSION = ROOT / "editor_client" / "vscode"
FILES = sorted((EXTENSION / "test").rglob("*.test.ts"))


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the tests as JavaScript."""
    folder = tmp_path_factory.mktemp("extension-units")
    command = extension_program("esbuild.mjs", "--tests", str(folder))
    done = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.ts"))
def test_a_file_of_tests_passes(file: Path, bundled: Path, tmp_path: Path) -> None:
    run_file(bundled / file.relative_to(EXTENSION / "test").with_suffix(".js"), tmp_path)


def run_file(script: Path, tmp_path: Path) -> None:
    """Run a file of tests; fails when one of them does, when one is left out, and when there is none."""
    report = tmp_path / "report.xml"
    reporters = [("spec", "stdout"), ("junit", report)]  # one for people, one that can be counted
    flags = [f"--test-reporter{key}" for kind, to in reporters for key in (f"={kind}", f"-destination={to}")]
    command = [node().program, "--enable-source-maps", *flags, script]
    done = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert report.is_file() and report.stat().st_size, f"{script.name} has no test"
    told = ElementTree.parse(report)
    assert told.find(".//testcase") is not None, f"{script.name} has no test"
    assert told.find(".//skipped") is None, f"{script.name} leaves tests out:\n{done.stdout}"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("test('sums', () => assert.equal(1 + 1, 3))", "2 !== 3"),
        ("setTimeout(() => assert.fail('too late'), 20); test('sums', () => {})", "too late"),
        ("throw new Error('broken')", "broken"),
        ("test.skip('sums', () => {})", "leaves tests out"),
        ("", "has no test"),
    ],
)
def test_what_goes_wrong_is_shown(text: str, complaint: str, tmp_path: Path) -> None:
    script = tmp_path / "one.test.cjs"
    imports = ["const assert = require('node:assert/strict')", "const { test } = require('node:test')"]
    script.write_text("\n".join([*imports, text]))
    with pytest.raises(AssertionError, match=complaint):
        run_file(script, tmp_path)


def test_there_are_files_of_tests() -> None:
    assert FILES
