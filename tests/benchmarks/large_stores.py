"""Large generated stores, made once per version of their generators and kept in the user's cache."""

import hashlib
import inspect
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from tests.benchmarks import long_lines
from tests.generators import kimi_edges, kimi_store, kimi_writer, pi_prose, pi_session, pi_store

BIG_MEGABYTES = 100
PI = (pi_prose, pi_session, pi_store)
KIMI = (kimi_edges, kimi_store, kimi_writer)
"""The modules that the stores are made by."""


def many_kimi_sessions() -> Path:
    """A home with 10,000 sessions of Kimi CLI."""
    return kept("kimi-10000", lambda home: kimi_store.build(home, sessions=10_000), *KIMI)


def many_pi_sessions() -> Path:
    """A home with 1,000 sessions of pi, 226 MB in all."""
    return kept("pi-1000", lambda home: pi_store.build(home, sessions=1000, entries=330), *PI)


def big_kimi_session() -> Path:
    """A home with one session of Kimi CLI whose log has 100 MB, in 40 turns of hundreds of calls."""
    return kept(
        "kimi-100mb",
        lambda home: kimi_store.build(home, sessions=0, work_dirs=1, big_mb=[BIG_MEGABYTES]),
        *KIMI,
    )


def big_kimi_session_of_short_turns() -> Path:
    """A home with one session of Kimi CLI whose log has 100 MB, in 400 turns: more lines, and more kinds of them."""
    return kept(
        "kimi-short-turns",
        lambda home: kimi_store.build(home, sessions=0, work_dirs=1, big_mb=[BIG_MEGABYTES], big_turns=400),
        *KIMI,
    )


def big_pi_session() -> Path:
    """A home with one session of pi whose file has 100 MB, in lines of about 4 KB."""
    return kept("pi-100mb", lambda home: long_lines.build(home, BIG_MEGABYTES), long_lines)


def big_pi_session_of_short_lines() -> Path:
    """A home with one session of pi whose file has 100 MB, in lines of about 750 bytes: the hardest there is."""
    return kept("pi-short-lines", lambda home: pi_store.build(home, sessions=1, size_mb=BIG_MEGABYTES), *PI)


def kept(name: str, build: Callable[[Path], object], *generators: ModuleType) -> Path:
    """Give the folder that `build` made; it is made anew when the source of `build` or of a generator changed."""
    source = "".join(inspect.getsource(module) for module in generators)
    version = hashlib.sha256((source + inspect.getsource(build)).encode()).hexdigest()[:12]
    folder = cache_folder() / f"{name}-{version}"
    if folder.is_dir():
        return folder
    sys.stderr.write(f"making {name} (once) ...\n")
    folder.parent.mkdir(parents=True, exist_ok=True)
    for old in folder.parent.glob(f"{name}-*"):
        shutil.rmtree(old)
    staged = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder.parent))
    build(staged)
    staged.rename(folder)
    return folder


def cache_folder() -> Path:
    """The folder for them."""
    base = os.environ.get("XDG_CACHE_HOME")
    own = os.environ.get("FORKPOINT_CACHE_DIR") or (Path(base) if base else Path.home() / ".cache") / "forkpoint"
    return Path(own) / "benchmarks"
