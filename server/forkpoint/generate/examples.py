"""examples.json: each operation carried out by the real server, on the sample home that the tests make.

The sample is fixed in every byte and time but its place. That is laid in a folder whose name has a fixed length, so
that sizes and byte offsets do not depend on it, and in the answers it becomes /home/ana. Calls that change something
come last, so that the others show the sample as it was made; the ids and times that they draw are replaced.
"""

import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import attrs

from forkpoint.generate.example_times import steadied
from forkpoint.operations.catalogue import NOTIFICATIONS, OPERATIONS

PLACE_LENGTH = 96
"""How long the path of the sample home is, in characters; longer than the temporary folder of any system."""
SHOWN_HOME = "/home/ana"
MOST_OBJECTS = 3
"""How many objects of a list an example shows."""
MOST_WORDS = 20
"""How many texts or numbers of a list an example shows."""
MOST_TEXT = 160
"""How much of a text an example shows, in characters."""
VARYING = {"revision": "5fd2a1c07b3e", "nextCursor": "WyI3NWRlYjZkZThlMTki…"}
"""Members that depend on more than the sample, and what stands for them."""

PARAMS: Mapping[str, Mapping[str, Any]] = {
    "agents/list": {},
    "workDirs/list": {},
    "workDirs/startup": {},
    "workDirs/workspace": {},
    "workDirs/relocate": {"from": "{work}-before", "to": "{work}"},
    "sessions/list": {"folders": ["{work}"], "limit": 2},
    "sessions/get": {"sessionId": "{fork}"},
    "sessions/diagnose": {"sessionId": "{torn}"},
    "sessions/debug": {"sessionId": "{uploader}"},
    "sessions/subscribe": {},
    "sessions/unsubscribe": {},
    "sessions/create": {"workDir": "{work}", "title": "Rename the shop", "label": "rename"},
    "sessions/update": {"sessionId": "{importer}", "title": "Import in one go", "pinned": True, "group": None},
    "sessions/generateTitle": {"sessionId": "{fork}"},
    "sessions/setExtension": {"sessionId": "{uploader}", "namespace": "reviews", "key": "state", "value": {"open": 2}},
    "sessions/fork": {"sessionId": "{importer}", "at": {"turn": 1}},
    "sessions/forkPlan": {"sessionId": "{importer}", "at": {"turn": 1}},
    "sessions/delete": {"sessionId": "{prices}"},
    "sessions/restore": {"trashId": "{trash}"},
    "sessions/cleanup": {"tasks": ["autoArchive", "trash"]},
    "sessions/generations": {},
    "messages/subscribe": {"sessionId": "{importer}"},
    "messages/unsubscribe": {"sessionId": "{importer}"},
    "history/read": {"sessionId": "{importer}", "limit": 3},
    "history/turns": {"sessionId": "{importer}"},
    "history/replay": {"sessionId": "{piNotes}"},
    "git/diffStats": {"folder": "{work}"},
    "git/fileDiff": {"folder": "{work}", "path": "src/importer.py"},
    "files/read": {"sessionId": "{importer}", "path": "src/importer.py"},
    "files/list": {"sessionId": "{importer}"},
    "uploads/add": {"sessionId": "{importer}", "name": "prices.csv", "data": "bmFtZSxwcmljZQp0ZWEsMy41MAo="},
    "uploads/list": {"sessionId": "{importer}"},
    "uploads/read": {"sessionId": "{importer}", "path": "prices.csv"},
}
"""What is asked in each example; a name in braces is a session or the work dir of the sample home."""
LAST = (
    "sessions/create",
    "sessions/update",
    "sessions/generateTitle",
    "sessions/setExtension",
    "sessions/fork",
    "sessions/delete",
    "sessions/generations",
    "sessions/restore",
    "uploads/add",
    "uploads/list",
    "uploads/read",
    "workDirs/relocate",
)
"""The calls that are made last, in this order: they change the sample, or show what was changed."""


@attrs.frozen
class Sample:
    """The sample home as its maker describes it."""

    home: str
    names: dict[str, str]
    environment: dict[str, str]


def render() -> bytes:
    """Give the file's contents."""
    return (json.dumps(executed(), indent=2, ensure_ascii=False) + "\n").encode()


@cache
def executed() -> dict[str, Any]:
    """Give every example, carried out once per process."""
    return carried_out()


def carried_out() -> dict[str, Any]:
    """Run every example: by method, with its params and its result, and what `initialize` told of the server."""
    folder = Path(tempfile.mkdtemp(prefix="forkpoint-examples-")).resolve()
    try:
        sample = _make_sample(_lengthened(folder))
        began = time.time_ns() // 1_000_000
        answers = asyncio.run(_carry_out(sample))
        return _tidy(answers, sample, began, time.time_ns() // 1_000_000)
    finally:
        shutil.rmtree(folder)


def _lengthened(folder: Path) -> Path:
    """Give a folder below this one whose path has the fixed length."""
    missing = PLACE_LENGTH - len(str(folder)) - 1
    if missing < 1:
        raise ValueError(f"the temporary folder {folder} has too long a path for the examples")
    below = folder / ("x" * missing)
    below.mkdir()
    return below


def _make_sample(folder: Path) -> Sample:
    made = subprocess.run(
        [sys.executable, "-m", "tests.samples_home", str(folder)], check=True, capture_output=True, text=True
    )
    said: dict[str, Any] = json.loads(made.stdout)
    names = {**said["sessions"], "work": said["workDir"]}
    return Sample(home=said["home"], names=names, environment=said["environment"])


async def _carry_out(sample: Sample) -> dict[str, Any]:
    from forkpoint_client import ForkpointClient, ForkpointError  # itself generated in part, earlier in the same run

    answers: dict[str, Any] = {}
    client = await ForkpointClient.start(
        env=sample.environment,
        folders=[sample.names["work"]],
        settings={"scopes": ["read", "write", "admin"]},
        notifications=[notice.method for notice in NOTIFICATIONS],
        on_stderr=_ignore,
    )
    async with client:
        answers["initialize"] = {"result": client.capabilities}
        methods = [listing.method for listing in OPERATIONS]
        names = dict(sample.names)
        for method in [*(method for method in methods if method not in LAST), *LAST]:
            params = _filled(PARAMS[method], names)
            try:
                result = await client.call(method, params, params)
            except ForkpointError as error:
                raise RuntimeError(f"the example of {method} failed: {error} {error.data}") from error
            answers[method] = {"params": params, "result": result}
            names["trash"] = result.get("trashId", names.get("trash", ""))
    return {method: answers[method] for method in ("initialize", *methods)}


def _ignore(line: str) -> None:
    """Leave out what the server logs."""


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], value)
    if isinstance(value, Mapping):
        return {key: _filled(item, names) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_filled(item, names) for item in cast("list[Any]", value)]
    return value


def _tidy(answers: dict[str, Any], sample: Sample, began: int, ended: int) -> dict[str, Any]:
    text = json.dumps(answers, ensure_ascii=False)
    text = steadied(text, json.dumps(sample.names), began, ended)
    for old, new in _spellings(sample.home):
        text = text.replace(old, new)
    text = text.replace(sys.executable, "python3")
    initialize, *calls = json.loads(text).items()
    return dict([initialize, *((method, _shortened(answer)) for method, answer in calls)])


def _spellings(home: str) -> list[tuple[str, str]]:
    """Give every form the place of the sample takes in an answer: in paths, in pi's folder names, in Kimi's."""
    pairs = [(home, SHOWN_HOME), (home.lstrip("/").replace("/", "-"), SHOWN_HOME.lstrip("/").replace("/", "-"))]
    for name in ("shop", "notes"):
        pairs.append((_md5(f"{home}/{name}"), _md5(f"{SHOWN_HOME}/{name}")))
    return pairs


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MOST_TEXT:
        return value[:MOST_TEXT] + "…"
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: VARYING.get(key, _shortened(item)) for key, item in members.items()}
    if isinstance(value, list):
        items = [_shortened(item) for item in cast("list[Any]", value)]
        most = MOST_OBJECTS if any(isinstance(item, dict) for item in items) else MOST_WORDS
        return items[:most] + (["…"] if len(items) > most else [])
    return value
