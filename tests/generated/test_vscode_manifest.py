"""The VS Code manifest agrees with the server's settings, with its own texts and with the version."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from forkpoint.generate.describe import describe
from forkpoint.generate.targets import REPOSITORY
from forkpoint.model.version import VERSION

EXTENSION = REPOSITORY / "editor_client/vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
CONTRIBUTES: dict[str, Any] = MANIFEST["contributes"]
PROPERTIES: dict[str, Any] = CONTRIBUTES["configuration"]["properties"]
COMMANDS = {command["command"] for command in CONTRIBUTES["commands"]}
SERVER_SETTINGS = {member.name: member for member in describe().settings}
SET_BY_THE_EXTENSION = {"trusted", "scopes"}
"""Settings that follow the workspace's trust, and are no settings of the user's."""


def test_the_versions_are_one() -> None:
    assert MANIFEST["version"] == VERSION


@pytest.mark.parametrize("name", sorted(SERVER_SETTINGS.keys() - SET_BY_THE_EXTENSION))
def test_every_setting_of_the_server_can_be_set_with_the_same_default(name: str) -> None:
    assert PROPERTIES[f"forkpoint.{name}"]["default"] == SERVER_SETTINGS[name].default


def test_what_names_programs_homes_or_safety_is_not_taken_from_a_folder_without_trust() -> None:
    restricted = set(MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"])
    of_the_server = {f"forkpoint.{name}" for name in SERVER_SETTINGS.keys() - SET_BY_THE_EXTENSION}
    assert restricted == {"forkpoint.python", *of_the_server}
    assert {name for name, setting in PROPERTIES.items() if setting["scope"] == "machine"} == {
        "forkpoint.python",
        "forkpoint.homes",
        "forkpoint.readOnly",
        "forkpoint.autoArchive.days",
        "forkpoint.trash.days",
    }


def test_every_text_is_there_and_used() -> None:
    texts: dict[str, str] = json.loads((EXTENSION / "package.nls.json").read_text(encoding="utf-8"))
    used = re.findall(r'"%([^%"]+)%"', (EXTENSION / "package.json").read_text(encoding="utf-8"))
    assert set(used) == texts.keys()
    assert all(texts.values())


def test_menus_keys_and_texts_name_commands_that_exist() -> None:
    named = {item["command"] for items in CONTRIBUTES["menus"].values() for item in items}
    named |= {binding["command"] for binding in CONTRIBUTES["keybindings"]}
    named |= set(re.findall(r"command:(forkpoint\.\w+)\)", (EXTENSION / "package.nls.json").read_text()))
    assert named <= COMMANDS


def test_every_session_command_is_in_the_palette_and_in_the_rows_menu() -> None:
    hidden = {item["command"] for item in CONTRIBUTES["menus"]["commandPalette"] if item["when"] == "false"}
    of_keys, of_groups = {"togglePinned", "toggleArchived"}, {"renameGroup", "dissolveGroup"}
    assert hidden == {f"forkpoint.{name}" for name in {"loadMore", *of_keys, *of_groups}}
    in_menu = {item["command"].removeprefix("forkpoint.") for item in CONTRIBUTES["menus"]["view/item/context"]}
    assert in_menu >= {"openSession", "openChanges", "resumeInTerminal", "copyId", "copyPath", "revealTranscript"}
    assert in_menu >= {"renameSession", "setLabel", "pin", "unpin", "archive", "unarchive", "deleteSession"}
    assert in_menu >= {"moveToGroup", "removeFromGroup", "restoreSession", "deleteForGood", *of_groups}


CHANGING = {
    *(
        "generateTitle",
        "newSession",
        "renameSession",
        "setLabel",
        "pin",
        "unpin",
        "togglePinned",
        "archive",
        "unarchive",
    ),
    *("toggleArchived", "moveToGroup", "removeFromGroup", "renameGroup", "dissolveGroup", "deleteSession", "undo"),
    *("restoreSession", "deleteForGood"),
}


def test_what_changes_sessions_is_not_offered_without_trust_or_when_read_only() -> None:
    allowed = "isWorkspaceTrusted && !config.forkpoint.readOnly"
    changing = {f"forkpoint.{name}" for name in CHANGING}
    enabled = {command["command"]: command.get("enablement", "") for command in CONTRIBUTES["commands"]}
    assert {name for name in changing if not enabled[name].startswith(allowed)} == set()
    places = [item for name, items in CONTRIBUTES["menus"].items() if name != "commandPalette" for item in items]
    places += CONTRIBUTES["keybindings"]
    offered = [place for place in places if place["command"] in changing]
    assert {place["command"] for place in offered} == changing
    assert [place["command"] for place in offered if allowed not in place["when"]] == []


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("openChanges", "folder"),
        ("resumeInTerminal", "resume"),
        ("fork", "forkable"),
        ("openParent", "forked"),
        ("deleteSession", "deletable"),
        ("removeFromGroup", "grouped"),
    ],
)
def test_a_row_offers_only_what_can_be_done_with_its_session(command: str, word: str) -> None:
    items = [item for item in CONTRIBUTES["menus"]["view/item/context"] if item["command"] == f"forkpoint.{command}"]
    assert items
    assert all(rf"\b{word}\b" in item["when"] for item in items), items


def test_every_file_that_the_manifest_names_is_there() -> None:
    steps = CONTRIBUTES["walkthroughs"][0]["steps"]
    assert len(steps) == 3
    named = [MANIFEST["icon"], CONTRIBUTES["viewsContainers"]["activitybar"][0]["icon"]]
    named += [step["media"]["markdown"] for step in steps]
    assert [name for name in named if not Path(EXTENSION / name).is_file()] == []


def test_nothing_is_activated_before_it_is_needed() -> None:
    assert "activationEvents" not in MANIFEST
