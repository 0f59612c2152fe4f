"""A folder of the trash whose manifest somebody wrote otherwise than we do."""

import json
from pathlib import Path
from typing import Any

import pytest

from forkpoint.agents.writing import Retire
from tests.stores.changing.setting import LABEL, Setting

OTHERS: list[tuple[str, Any]] = [
    *(("home", value) for value in (5, None, "home", "/a\0b")),
    *(("path", value) for value in (5, "/a\0b")),
    *(("retired_at", value) for value in ("now", None, True)),
    *(("title", 5), ("session_id", None), ("items", 5), ("label", [])),
]


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_a_manifest_with_other_values_than_ours_is_none(tmp_path: Path, name: str, value: Any) -> None:
    setting = Setting.of(tmp_path)
    setting.write("log.jsonl", b"{}\n")
    setting.run(Retire(paths=[setting.file("log.jsonl")]))
    path = setting.trash_path / LABEL.trash_id / "manifest.json"
    manifest = json.loads(path.read_text())
    holders = [manifest, manifest["label"], *manifest["items"]]
    next(holder for holder in holders if name in holder)[name] = value
    path.write_text(json.dumps(manifest))
    setting.start()
    assert setting.trash.listed() == []
    assert (path.parent / "items" / "0").read_bytes() == b"{}\n"
