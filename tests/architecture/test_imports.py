"""Who may import whom, who may touch the disk, and who may wait: each rule on every file, and each rule itself."""

import pytest

from tests.architecture.rules import RULES, Rule
from tests.architecture.source_files import SERVER, SourceFile, server_files

BROKEN = [
    ("imports_point_one_way", "stores/x.py", "from forkpoint.operations.services import Services"),
    ("imports_point_one_way", "model/x.py", "def late():\n    import forkpoint.parsing.json_lines"),
    ("imports_point_one_way", "agents/kimi/x.py", "from forkpoint import stores"),
    ("imports_point_one_way", "operations/x.py", "from forkpoint.generate import describe"),
    ("adapters_never_import_each_other", "agents/kimi/x.py", "from forkpoint.agents.pi.layout import folder"),
    ("adapters_never_import_each_other", "agents/kimi/x.py", "from forkpoint.agents import pi"),
    ("adapters_never_import_each_other", "agents/formats/pi_v3/x.py", "import forkpoint.agents.pi"),
    ("only_lsp_knows_pygls", "operations/x.py", "from lsprotocol import types"),
    ("only_stores_touch_the_disk", "agents/kimi/x.py", "data = open('x').read()"),
    ("only_stores_touch_the_disk", "operations/x.py", "import os\nnames = os.listdir('/')"),
    ("only_stores_touch_the_disk", "lsp/x.py", "import os\nthere = os.path.exists('/')"),
    ("only_stores_touch_the_disk", "parsing/x.py", "from pathlib import Path"),
    ("pure_layers_do_not_wait", "model/x.py", "async def read(): ..."),
    ("pure_layers_do_not_wait", "agents/pi/x.py", "import time\nnow = time.time()"),
    ("pure_layers_do_not_wait", "parsing/x.py", "from datetime import UTC, datetime\nnow = datetime.now(UTC)"),
    ("pure_layers_do_not_wait", "agents/pi/x.py", "import anyio.to_thread"),
    ("pure_layers_do_not_wait", "agents/pi/x.py", "import os\nhome = os.environ['HOME']"),
    ("nothing_is_caught_broadly", "stores/x.py", "try:\n    pass\nexcept Exception:\n    pass"),
    ("nothing_is_caught_broadly", "cli.py", "try:\n    pass\nexcept:\n    pass"),
    ("nothing_is_caught_broadly", "model/x.py", "try:\n    pass\nexcept (ValueError, BaseException):\n    pass"),
]
ALLOWED = [
    ("imports_point_one_way", "lsp/x.py", "from forkpoint.model.failures import Failure"),
    ("imports_point_one_way", "generate/x.py", "from forkpoint.operations.catalogue import OPERATIONS"),
    ("adapters_never_import_each_other", "agents/pi/x.py", "from forkpoint.agents.formats.pi_v3 import reader"),
    ("adapters_never_import_each_other", "agents/pi/x.py", "from forkpoint.agents.pi import layout"),
    ("adapters_never_import_each_other", "agents/formats/pi_v3/x.py", "from forkpoint.agents.formats.pi_v3 import a"),
    ("adapters_never_import_each_other", "agents/formats/pi_v3/x.py", "from forkpoint.agents.adapter import Line"),
    ("only_stores_touch_the_disk", "agents/pi/x.py", "import os\npath = os.path.join('a', 'b')"),
    ("only_stores_touch_the_disk", "stores/x.py", "import os\nnames = os.listdir('/')"),
    ("nothing_is_caught_broadly", "stores/x.py", "try:\n    pass\nexcept BaseException:\n    close()\n    raise"),
    ("nothing_is_caught_broadly", "lsp/x.py", "try:\n    pass\nexcept Exception:\n    pass"),
]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_no_file_breaks_a_rule(rule: Rule) -> None:
    broken = [f"{file.name}:{line} {what}" for file in server_files() for line, what in rule(file)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_a_rule_sees_what_breaks_it(rule: str, name: str, text: str) -> None:
    assert list(RULES[rule](SourceFile(name, text)))


@pytest.mark.parametrize(("rule", "name", "text"), ALLOWED)
def test_a_rule_lets_the_rest_pass(rule: str, name: str, text: str) -> None:
    assert not list(RULES[rule](SourceFile(name, text)))


def test_every_layer_is_seen() -> None:
    """An empty walk would pass every rule."""
    assert {"lsp", "operations", "stores", "agents", "parsing", "model"} <= {file.folder for file in server_files()}


@pytest.mark.parametrize("name", ["__init__.py", "lsp/__init__.py"])
def test_nothing_is_imported_before_the_first_answer(name: str) -> None:
    """The answer to `initialize` goes out before anything large is imported, so these stay empty."""
    assert not (SERVER / name).read_text().strip()
