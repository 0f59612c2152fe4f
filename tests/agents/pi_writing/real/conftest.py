"""The two pis."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from tests.agents.pi_writing.real.pi import NEW, OLD, SCRIPT, Pi
from tests.agents.real_tools import Program, handed

TOOLS = {OLD: ("FORKPOINT_NODE20", "FORKPOINT_PI_073"), NEW: ("FORKPOINT_NODE24", "FORKPOINT_PI_087")}


@attrs.frozen
class Installed:
    """A pi, whosever home it is asked about."""

    version: str
    node: Path
    package: Path
    code: Program


@pytest.fixture(params=[OLD, NEW], scope="module")
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """One version of pi."""
    node, package = handed(*TOOLS[request.param])
    with Program([node, SCRIPT, package], tmp_path_factory.mktemp("pi") / "log") as code:
        yield Installed(request.param, node, package, code)


@pytest.fixture
def version(installed: Installed) -> str:
    """Which pi it is."""
    return installed.version


@pytest.fixture
def pi(installed: Installed, home: Path) -> Pi:
    """A pi that has no session yet."""
    return Pi.over(installed.node, installed.package, installed.code, home)
