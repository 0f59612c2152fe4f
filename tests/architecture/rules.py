"""The rules of the house, each a function from a file to the lines that break it."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from tests.architecture.source_files import SourceFile

LAYERS = ("lsp", "operations", "runs", "stores", "agents", "parsing", "model")
"""A file imports from its own layer or any to the right."""
PURE = ("agents", "parsing", "model")
OVER_THE_LAYERS = ("generate", "cli.py", "cli_changes.py", "doctor.py", "short_ids.py", "terminal.py", "__main__.py")
"""May import from any layer, and write: the repository, the terminal."""

TOUCHES_DISK = ("stores", "runs", *OVER_THE_LAYERS)
EXCEPTIONS = {
    "lsp/descriptors.py": "owns descriptors 0 to 2",
    "lsp/parent_watch.py": "watches the process that started the server",
}
DISK_MODULES = re.compile(
    r"(subprocess|shutil|tempfile|sqlite3|socket|select|selectors|fcntl|glob|ctypes|mmap|pathlib|io)(\.|$)"
)
PATH_TEXT = re.compile(
    r"os\.path\.(abspath|basename|commonpath|commonprefix|dirname|isabs|join|normcase|normpath|relpath|sep|split|splitext)"
    r"|os\.(path|sep|altsep|fsencode|fsdecode|fspath|curdir|pardir|name|PathLike|environ(\.\w+)?|getcwd|getpid|_exit)"
)
"""What of `os` is only text, or about this process alone."""
CLOCK = re.compile(
    r"time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|localtime|gmtime|ctime)"
    r"|(datetime|date)\.(now|utcnow|today)|(datetime\.)(datetime|date)\.(now|utcnow|today)"
)
SURROUNDINGS = re.compile(r"os\.(environ(\.\w+)?|getenv|getcwd|getpid)")
"""What a pure function is handed instead."""
WAITING = re.compile(r"(asyncio|anyio|threading|concurrent|multiprocessing|queue|sched)(\.|$)")

Found = Iterator[tuple[int, str]]


def imports_point_one_way(file: SourceFile) -> Found:
    """A layer never imports from one to its left."""
    if file.folder not in LAYERS:
        return
    own = LAYERS.index(file.folder)
    for line, name in file.imported:
        package, _, rest = name.partition(".")
        layer = rest.partition(".")[0]
        if package == "forkpoint" and layer and (layer not in LAYERS or LAYERS.index(layer) < own):
            yield line, f"imports {name}"


def adapters_never_import_each_other(file: SourceFile) -> Found:
    """An agent's folder imports itself, the shared formats and the two files of the seam."""
    own = re.match(r"agents/(?:formats/)?(\w+)/", file.name)
    if own is None:
        return
    seam = ("adapter", "writing")
    shared = seam if file.name.startswith("agents/formats/") else (*seam, "formats")
    for line, name in file.imported:
        agent = re.match(r"forkpoint\.agents\.(?:formats\.)?(\w+)", name)
        folder = re.match(r"forkpoint\.agents\.(\w+)", name)
        if agent and folder and own[1] not in (agent[1], folder[1]) and folder[1] not in shared:
            yield line, f"imports {name}"


def only_lsp_knows_pygls(file: SourceFile) -> Found:
    """pygls and lsprotocol are named in lsp alone."""
    if file.folder == "lsp":
        return
    for line, name in file.imported:
        if name.partition(".")[0] in ("pygls", "lsprotocol"):
            yield line, f"imports {name}"


def only_stores_touch_the_disk(file: SourceFile) -> Found:
    """No file is opened, listed or run outside of stores and runs."""
    if file.folder in TOUCHES_DISK or file.name in EXCEPTIONS:
        return
    for line, name in file.imported:
        if DISK_MODULES.match(name):
            yield line, f"imports {name}"
    for line, name in file.dotted:
        if name == "open" or (name.startswith("os.") and not PATH_TEXT.fullmatch(name)):
            yield line, f"uses {name}"


def pure_layers_do_not_wait(file: SourceFile) -> Found:
    """model, parsing and agents have no await, no thread and no clock."""
    if file.folder not in PURE:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield node.lineno, "waits"
    for line, name in file.imported:
        if WAITING.match(name):
            yield line, f"imports {name}"
    for line, name in file.dotted:
        if CLOCK.fullmatch(name):
            yield line, f"reads the clock with {name}"
        elif SURROUNDINGS.fullmatch(name):
            yield line, f"looks around with {name}"


def nothing_is_caught_broadly(file: SourceFile) -> Found:
    """Below lsp, handlers name what they expect; one that raises the same again may clean up after anything."""
    if file.folder == "lsp":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
            caught = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
            names = [ast.unparse(kind) if kind else "everything" for kind in caught]
            if {"everything", "Exception", "BaseException"} & set(names):
                yield node.lineno, f"catches {', '.join(names)}"


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


Rule = Callable[[SourceFile], Found]

RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        imports_point_one_way,
        adapters_never_import_each_other,
        only_lsp_knows_pygls,
        only_stores_touch_the_disk,
        pure_layers_do_not_wait,
        nothing_is_caught_broadly,
    )
}
