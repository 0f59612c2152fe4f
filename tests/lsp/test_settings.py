"""Settings and workspace folders, at start and as they change, and what they allow."""

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.talk import Talk

PULLS = {"workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}}


async def state(talk: Talk) -> dict[str, Any]:
    return (await talk.call("odd/state", {}))["result"]["value"]


def push(talk: Talk, settings: Any) -> None:
    talk.notify("workspace/didChangeConfiguration", {"settings": settings})


async def answer(talk: Talk, method: str, result: Any, number: int = 1) -> dict[str, Any]:
    """Answer the n-th such request of the server; give the request."""
    asked = (await talk.until(lambda: len(talk.asked(method)) >= number and talk.asked(method)))[number - 1]
    talk.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
    return asked


def warnings(talk: Talk) -> list[str]:
    return [params["message"] for params in talk.notifications("window/logMessage")]


async def test_settings_come_with_initialize(quiet_talk: Talk) -> None:
    await quiet_talk.start(
        initializationOptions={"readOnly": True, "git": {"timeoutMs": 5}, "homes": {"pi": "/a", "kimi": ["/b", "~/c"]}}
    )
    got = await state(quiet_talk)
    assert (got["readOnly"], got["gitTimeoutMs"]) == (True, 5)
    assert got["homes"] == {"pi": ["/a"], "kimi": ["/b", "~/c"]}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"git": {"timeoutMs": "5"}}, "git.timeoutMs"),
        ({"git": {"timeoutMs": 0}}, "git.timeoutMs"),
        ({"git": 5}, "git"),
        ({"readOnly": "false"}, "readOnly"),
        ({"trusted": 1}, "trusted"),
        ({"scopes": "admin"}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"scopes": [["read"]]}, "scopes"),
        ({"guard": "none"}, "guard"),
        ({"guard": ["public"]}, "guard"),
        ({"watch": "sometimes"}, "watch"),
        ({"watch": True}, "watch"),
        ({"maxReadBytes": True}, "maxReadBytes"),
        ({"autoArchive": {"days": -1}}, "autoArchive.days"),
        ({"autoArchive": {"days": 1.5}}, "autoArchive.days"),
        ({"autoArchive": {"days": 10**9}}, "autoArchive.days"),
        ({"autoArchive": 15}, "autoArchive"),
        ({"trash": {"days": 0}}, "trash.days"),
        ({"trash": {"days": True}}, "trash.days"),
        ({"trash": {"days": 10**9}}, "trash.days"),
        ({"maxReadBytes": -1}, "maxReadBytes"),
        ({"homes": []}, "homes"),
        ({"homes": {"pi": "relative"}}, "homes"),
        ({"homes": {"pi": [5]}}, "homes"),
        ("text", ""),
        ([1], ""),
    ],
    ids=str,
)
async def test_a_bad_setting_is_named_and_its_default_used(quiet_talk: Talk, options: Any, named: str) -> None:
    await quiet_talk.start()
    usual = await state(quiet_talk)
    other = Talk()
    await other.start(initializationOptions=options)
    assert await state(other) == usual
    (warning,) = warnings(other)
    assert f"`{named}`" in warning if named else "The settings" in warning
    assert other.notifications("window/showMessage") == []


async def test_a_bad_setting_is_told_once(quiet_talk: Talk) -> None:
    await quiet_talk.start(initializationOptions={"guard": "none"})
    for _ in range(3):
        push(quiet_talk, {"forkpoint": {"guard": "none", "readOnly": True}})
    assert (await state(quiet_talk))["readOnly"] is True
    assert len(warnings(quiet_talk)) == 1


async def test_settings_of_others_and_of_later_versions_are_passed_over(quiet_talk: Talk) -> None:
    await quiet_talk.start(initializationOptions={"later": {"days": 3}, "nothing": None, "scopes": None})
    assert (await state(quiet_talk))["scopes"] == ["read", "write"]
    assert warnings(quiet_talk) == []


async def test_pushed_settings_replace_the_ones_pushed_before(quiet_talk: Talk) -> None:
    await quiet_talk.start(initializationOptions={"git": {"timeoutMs": 5}})
    push(quiet_talk, {"forkpoint": {"readOnly": True}, "other": {"readOnly": False}})
    got = await state(quiet_talk)
    assert (got["readOnly"], got["gitTimeoutMs"]) == (True, 5)
    push(quiet_talk, {"forkpoint": {"git": {"timeoutMs": 7}}})
    got = await state(quiet_talk)
    assert (got["readOnly"], got["gitTimeoutMs"]) == (False, 7)
    push(quiet_talk, {"forkpoint": {}})
    assert (await state(quiet_talk))["gitTimeoutMs"] == 5


@pytest.mark.parametrize("settings", [None, {}, {"other": 1}, [], "text"], ids=repr)
async def test_a_push_without_our_section_is_followed_by_a_question(quiet_talk: Talk, settings: Any) -> None:
    await quiet_talk.start(capabilities={"workspace": {"configuration": True}})
    asked = await answer(quiet_talk, "workspace/configuration", [{"readOnly": True}])
    assert asked["params"] == {"items": [{"section": "forkpoint"}]}
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is True
    push(quiet_talk, settings)
    await answer(quiet_talk, "workspace/configuration", [{"readOnly": False}], number=2)
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is False


async def test_a_push_without_our_section_keeps_settings_of_a_client_that_cannot_be_asked(quiet_talk: Talk) -> None:
    await quiet_talk.start(initializationOptions={"readOnly": True})
    push(quiet_talk, None)
    assert (await state(quiet_talk))["readOnly"] is True
    assert quiet_talk.asked("workspace/configuration") == []


async def test_the_server_registers_for_changes_where_it_must(quiet_talk: Talk) -> None:
    await quiet_talk.start(capabilities=PULLS)
    asked = await answer(quiet_talk, "client/registerCapability", None)
    (registration,) = asked["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeConfiguration"
    assert registration["registerOptions"] == {"section": "forkpoint"}
    await answer(quiet_talk, "workspace/configuration", [{"readOnly": True}])
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is True


@pytest.mark.parametrize("result", [None, [], {}, 5, [None], [5], "text"], ids=repr)
async def test_an_odd_answer_to_our_question_does_no_harm(quiet_talk: Talk, result: Any) -> None:
    await quiet_talk.start(
        capabilities={"workspace": {"configuration": True}}, initializationOptions={"readOnly": True}
    )
    await answer(quiet_talk, "workspace/configuration", result)
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is True


async def test_a_client_may_refuse_our_questions(quiet_talk: Talk) -> None:
    await quiet_talk.start(capabilities=PULLS)
    for method in ("client/registerCapability", "workspace/configuration"):
        (asked,) = await quiet_talk.until(lambda method=method: quiet_talk.asked(method))
        quiet_talk.send({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32601, "message": "no"}})
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is False


async def test_a_late_answer_does_not_undo_a_push(quiet_talk: Talk) -> None:
    await quiet_talk.start(capabilities={"workspace": {"configuration": True}})
    await quiet_talk.until(lambda: quiet_talk.asked("workspace/configuration"))
    push(quiet_talk, {"forkpoint": {"readOnly": True}})
    await answer(quiet_talk, "workspace/configuration", [{"readOnly": False}])
    await quiet_talk.settle()
    assert (await state(quiet_talk))["readOnly"] is True


async def test_homes_and_trust_are_not_taken_from_later_settings(quiet_talk: Talk) -> None:
    await quiet_talk.start(initializationOptions={"trusted": False})
    push(quiet_talk, {"forkpoint": {"homes": {"pi": "/evil"}, "trusted": True}})
    got = await state(quiet_talk)
    assert (got["homes"], got["trusted"], got["guard"]) == ({}, False, "public")
    assert [name for name in ("homes", "trusted") if any(f"`{name}`" in text for text in warnings(quiet_talk))] == [
        "homes",
        "trusted",
    ]


@pytest.mark.parametrize(
    ("start", "later", "field", "value", "named"),
    [
        ({"readOnly": True}, {"readOnly": False}, "readOnly", True, "readOnly"),
        ({}, {"readOnly": True}, "readOnly", True, None),
        ({}, {"scopes": ["read"]}, "scopes", ["read"], None),
        ({"scopes": ["read"]}, {"scopes": ["read", "write"]}, "scopes", ["read"], "scopes"),
        ({}, {"scopes": ["read", "admin"]}, "scopes", ["read"], "scopes"),
        ({}, {"autoArchive": {"days": 14}}, "autoArchiveDays", 15, "autoArchive.days"),
        ({}, {"autoArchive": {"days": 16}}, "autoArchiveDays", 16, None),
        ({}, {"autoArchive": {"days": 0}}, "autoArchiveDays", 0, None),
        ({"autoArchive": {"days": 0}}, {"autoArchive": {"days": 15}}, "autoArchiveDays", 0, "autoArchive.days"),
        ({"autoArchive": {"days": 3}}, {"autoArchive": {"days": 3}}, "autoArchiveDays", 3, None),
        ({}, {"trash": {"days": 1}}, "trashDays", 30, "trash.days"),
        ({}, {"trash": {"days": 31}}, "trashDays", 31, None),
        ({"trash": {"days": 1}}, {}, "trashDays", 1, None),
        ({"guard": "public"}, {"guard": "standard"}, "guard", "public", "guard"),
        ({}, {"guard": "public"}, "guard", "public", None),
    ],
    ids=str,
)
async def test_later_settings_let_no_more_be_written_or_lost_than_the_first(
    quiet_talk: Talk, start: Any, later: Any, field: str, value: Any, named: str | None
) -> None:
    await quiet_talk.start(initializationOptions=start)
    push(quiet_talk, {"forkpoint": later})
    assert (await state(quiet_talk))[field] == value
    assert [f"`{named}`" in text for text in warnings(quiet_talk)] == ([] if named is None else [True])


async def test_what_was_narrowed_later_can_be_widened_again_up_to_the_start(quiet_talk: Talk) -> None:
    await quiet_talk.start()
    push(quiet_talk, {"forkpoint": {"readOnly": True, "scopes": ["read"]}})
    push(quiet_talk, {"forkpoint": {"readOnly": False}})
    got = await state(quiet_talk)
    assert (got["readOnly"], got["scopes"]) == (False, ["read", "write"])
    assert warnings(quiet_talk) == []


async def test_trust_can_be_taken_away_later(quiet_talk: Talk) -> None:
    await quiet_talk.start()
    push(quiet_talk, {"forkpoint": {"trusted": False}})
    assert (await state(quiet_talk))["trusted"] is False


# --- what they allow -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "method", "kind"),
    [
        ({}, "odd/echo", None),
        ({}, "odd/write", None),
        ({}, "odd/admin", "scopeMissing"),
        ({"scopes": ["read", "write", "admin"]}, "odd/admin", None),
        ({"scopes": ["admin"]}, "odd/write", "scopeMissing"),
        ({"scopes": []}, "odd/echo", "scopeMissing"),
        ({"scopes": ["read"]}, "odd/write", "scopeMissing"),
        ({"readOnly": True}, "odd/echo", None),
        ({"readOnly": True}, "odd/write", "readOnly"),
        ({"readOnly": True, "scopes": ["read", "write", "admin"]}, "odd/admin", "readOnly"),
        ({"trusted": False}, "odd/echo", None),
        ({"trusted": False}, "odd/write", "untrusted"),
        ({"trusted": False, "scopes": ["read", "write", "admin"]}, "odd/admin", "untrusted"),
    ],
    ids=str,
)
async def test_calls_are_allowed_by_scope(quiet_talk: Talk, options: Any, method: str, kind: str | None) -> None:
    await quiet_talk.start(initializationOptions=options)
    reply = await quiet_talk.call(method, {})
    command = "forkpoint.server." + method.replace("/", ".")
    by_command = await quiet_talk.call("workspace/executeCommand", {"command": command})
    for one in (reply, by_command):
        assert one.get("error", {"data": {"kind": None}})["data"]["kind"] == kind


# --- folders ---------------------------------------------------------------------------------------------------------


async def test_folders_follow_the_editor(quiet_talk: Talk, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("one", "two ü", "three"))
    folders = [{"uri": folder.as_uri(), "name": folder.name} for folder in (first, second)]
    await quiet_talk.start(workspaceFolders=folders)
    assert (await state(quiet_talk))["workspace"] == [str(first), str(second)]
    event = {"added": [{"uri": third.as_uri(), "name": "three"}, folders[1]], "removed": [folders[0]]}
    quiet_talk.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert (await state(quiet_talk))["workspace"] == [str(second), str(third)]


@pytest.mark.parametrize(
    "uri", ["http://[", "file://[", "::", "", "\ud800", "file:///\ud800", "file:///%00"], ids=ascii
)
async def test_odd_folders_are_passed_over(quiet_talk: Talk, tmp_path: Path, uri: str) -> None:
    good = {"uri": tmp_path.as_uri(), "name": "good"}
    odd = {"uri": uri, "name": "odd"}
    for params in ({"rootUri": uri}, {"rootPath": uri}, {"workspaceFolders": [odd]}):
        other = Talk()
        await other.start(**params)
        assert (await state(other))["workspace"] == []
    await quiet_talk.start(workspaceFolders=[odd, good])
    assert (await state(quiet_talk))["workspace"] == [str(tmp_path)]
    event = {"added": [odd], "removed": [odd, good]}
    quiet_talk.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert (await state(quiet_talk))["workspace"] == []
