"""The commands of `dev.py`."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from tools.environment import make_environment, venv_program
from tools.node import EXTENSION, extension_program, pyright
from tools.real_editor import editor_tools
from tools.real_kimi import kimi_tools
from tools.real_pi import pi_tools
from tools.server_bundle import upgrade_lock
from tools.shell import IN_CI, ROOT, Failed, Missing, quietly, run, say
from tools.vsix import make_vsix

PYTHON = ("server", "editor_client/python", "editor_client/vscode/server", "tests", "tools", "dev.py")
EDITOR_TESTS = ROOT / "tests" / "editors"
REAL_EDITOR_TESTS = EDITOR_TESTS / "vscode"
"""The tests that need code-server and a browser."""
REAL_PI_TESTS = ROOT / "tests" / "agents" / "pi_writing" / "real"
REAL_KIMI_TESTS = ROOT / "tests" / "agents" / "kimi_writing" / "real"


def lint_python(fix: bool = False) -> int:
    """Check, or mend, style and layout of the Python files."""
    ruff = venv_program("ruff")
    checked = run([ruff, "check", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), *PYTHON])
    return run([ruff, "format", "--quiet", *([] if fix else ["--diff"]), *PYTHON]) or checked


def lint_extension(fix: bool = False) -> int:
    """Check, or mend, style and layout of the VS Code extension."""
    flags = ["--write"] if fix else []
    return run(
        extension_program("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", *flags),
        cwd=EXTENSION,
    )


def lint(fix: bool) -> int:
    """Check, or mend, style and layout of everything."""
    python = lint_python(fix)
    return lint_extension(fix) or python


def types_python() -> int:
    """Check types; what is checked and how strictly is in pyproject.toml."""
    return run([*pyright(), "--pythonpath", venv_program("python")])


def types_extension() -> int:
    """Check the extension's types; how strictly is in its tsconfig.json."""
    return run(extension_program("node_modules/typescript/bin/tsc", "--noEmit"), cwd=EXTENSION)


def types() -> int:
    """Check all types."""
    python = types_python()
    return types_extension() or python


def generate(check: bool = False) -> int:
    """Write the generated files, or only compare them."""
    return run([venv_program("python"), "-m", "forkpoint.generate", *(["--check"] if check else [])])


def vsix(out: str | None, upgrade: bool) -> int:
    """Make the VS Code package; before that, if asked to, take newer versions of what it carries."""
    if upgrade:
        say("\n".join(upgrade_lock()))
    file = make_vsix(Path(out) if out else None)
    say(f"{file} ({file.stat().st_size / 1e6:.2f} MB)")
    return 0


# --- test ---------------------------------------------------------------------------------------------------------


def test(arguments: Sequence[str]) -> int:
    """Run every check, then pytest, whose closing line stays the last of the output."""
    checks = Checks()
    checks.check("lint", lint_python)
    checks.check("lint of the extension", lint_extension)
    checks.check("types", types_python)
    checks.check("types of the extension", types_extension)
    checks.check("generate --check", lambda: generate(check=True))
    with ThreadPoolExecutor() as pool:
        agents = begin_agents(pool, arguments)
        handed, ignored = prepare_editor_tests(checks, arguments)
        ignored += finish_agents(checks, agents, handed)
    for folder in ignored:
        say(f"--- LEFT OUT: the tests in {folder.relative_to(ROOT)}")
    if checks.failed:
        say(f"--- FAILED before the tests: {', '.join(checks.failed)}")
    say("--- pytest")
    # What an argument names, pytest collects although it is ignored; hence the second word.
    left_out = [
        f"--{word}={folder.relative_to(ROOT).as_posix()}" for folder in ignored for word in ("ignore", "deselect")
    ]
    pytest = [venv_program("python"), "-m", "pytest", *left_out, *arguments]
    return run(pytest, env={**os.environ, **handed}) or bool(checks.failed)


class Checks:
    """What is done before the tests."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def check(self, name: str, action: Callable[[], object]) -> bool:
        """Do something that fails by `Failed` or with an exit code; tell whether this machine could try at all.

        What it cannot even try is left out, and in CI that is a failure.
        """
        say(f"--- {name}")
        try:
            if action():
                self.failed.append(name)
        except Missing as reason:
            say(f"left out: {name}. {reason}")
            if IN_CI:
                self.failed.append(f"{name} (left out)")
            return False
        except Failed as reason:
            say(str(reason))
            self.failed.append(name)
        return True


def prepare_editor_tests(checks: Checks, arguments: Sequence[str]) -> tuple[dict[str, str], list[Path]]:
    """Make and install what the tests of editors need, if pytest will come to them.

    Gives the environment variables that tell the tests where it is, and the folders that have to be left out.
    """
    handed: dict[str, str] = {}
    if concern(arguments, EDITOR_TESTS):
        if not checks.check("vsix", lambda: handed.update(FORKPOINT_VSIX=str(make_vsix()))):
            return {}, [EDITOR_TESTS]
        real = concern(arguments, REAL_EDITOR_TESTS)
        if real and not checks.check("a real VS Code", lambda: handed.update(editor_tools())):
            return handed, [REAL_EDITOR_TESTS]
    return handed, []


def begin_agents(pool: Executor, arguments: Sequence[str]) -> dict[Path, Future[dict[str, str]]]:
    """Begin to install the real agents that pytest will come to, by the folder of the tests that need them."""
    installers = {REAL_PI_TESTS: pi_tools, REAL_KIMI_TESTS: kimi_tools}
    return {folder: pool.submit(install) for folder, install in installers.items() if concern(arguments, folder)}


def finish_agents(checks: Checks, agents: Mapping[Path, Future[dict[str, str]]], handed: dict[str, str]) -> list[Path]:
    """Add the environment variables that tell the tests where the agents are; give the folders to be left out."""
    names = {REAL_PI_TESTS: "a real pi", REAL_KIMI_TESTS: "a real Kimi"}

    def finish(folder: Path) -> bool:
        return checks.check(names[folder], lambda: handed.update(agents[folder].result()))

    return [folder for folder in agents if not finish(folder)]


def concern(arguments: Sequence[str], folder: Path) -> bool:
    """Tell whether pytest's arguments name the folder, something in it or above it, or no path at all."""
    named = [ROOT / argument.partition("::")[0] for argument in arguments if not argument.startswith("-")]
    paths = [path.resolve() for path in named if path.exists()]
    return not paths or any(path.is_relative_to(folder) or folder.is_relative_to(path) for path in paths)


# --- the rest -----------------------------------------------------------------------------------------------------


def bench(names: Sequence[str]) -> int:
    """Measure and print the table."""
    return run([venv_program("python"), "-m", "tests.benchmarks", *names])


def demo() -> int:
    """Show what a sidebar does: reading this machine's sessions or, when it has none, a sample home, with changes."""
    show = [venv_program("python"), "-m", "forkpoint_client.demo"]
    no_sessions = 3
    code = run(show)
    if code != no_sessions:
        return code
    with tempfile.TemporaryDirectory(prefix="forkpoint-demo-") as folder:
        say("This machine has no sessions yet; here is a sample home.\n")
        made = quietly([venv_program("python"), "-m", "tests.samples_home", folder], "Making the sample home")
        sample = json.loads(made)
        return run([*show, "--changes", "--folder", sample["workDir"]], env=sample["environment"])


def main(description: str, arguments: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description=description, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name in ("demo", "test", "lint", "types", "generate", "vsix", "bench"):
        commands.add_parser(name)
    commands.choices["lint"].add_argument("--fix", action="store_true", help="mend what can be mended")
    commands.choices["generate"].add_argument("--check", action="store_true", help="write nothing; fail when stale")
    commands.choices["vsix"].add_argument("--out", metavar="FILE", help="where the package goes")
    commands.choices["vsix"].add_argument(
        "--upgrade", action="store_true", help="first pin the newest packages for the server that pyproject.toml allows"
    )
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("test", "bench"):
        parser.error(f"unknown: {' '.join(rest)}")
    actions: dict[str, Callable[[], int]] = {
        "demo": demo,
        "test": lambda: test(rest),
        "lint": lambda: lint(options.fix),
        "types": types,
        "generate": lambda: generate(options.check),
        "vsix": lambda: vsix(options.out, options.upgrade),
        "bench": lambda: bench(rest),
    }
    try:
        make_environment()
        return actions[options.command]()
    except Failed as reason:
        say(f"dev.py: {reason}")
        return 1
    except KeyboardInterrupt:
        return 130
