"""URIs of editors as paths."""

import os
from typing import Any

import pytest

from forkpoint.lsp.workspace_folders import changed_folders, first_folders, path_of_uri


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b", "/a/b"),
        ("file:///a/b/", "/a/b"),
        ("file:///", "/"),
        ("FILE:///a", "/a"),
        ("file://localhost/a", "/a"),
        ("file:/a", "/a"),
        ("file:///a%20b/%C3%BC%23%3F", "/a b/ü#?"),
        ("file:///a/ü", "/a/ü"),
        ("file:///a%25b", "/a%b"),
        ("file:///a/../b", "/b"),
        ("file:///bytes/%FF%FE", os.fsdecode(b"/bytes/\xff\xfe")),
        ("file:///a%00b", None),
        ("file://server/share", None),
        ("file:relative", None),
        ("vscode-remote://ssh+host/a", None),
        ("untitled:Untitled-1", None),
        ("/a/b", None),
        ("", None),
        ("http://[", None),
        ("file://[", None),
        ("file:///\ud800", None),
        ("file:///%ED%A0%80", os.fsdecode(b"/\xed\xa0\x80")),
    ],
)
def test_only_file_uris_of_this_machine_have_a_path(uri: str, path: str | None) -> None:
    assert path_of_uri(uri) == path


@pytest.mark.parametrize(
    ("params", "folders"),
    [
        ({}, []),
        ({"workspaceFolders": None, "rootUri": None, "rootPath": None}, []),
        ({"rootPath": "/old"}, ["/old"]),
        ({"rootPath": "relative"}, []),
        ({"rootPath": "/\ud800"}, []),
        ({"rootPath": "/old", "rootUri": "file:///new"}, ["/new"]),
        ({"rootUri": "file:///root", "workspaceFolders": None}, ["/root"]),
        ({"rootUri": "file:///root", "workspaceFolders": []}, ["/root"]),
        ({"rootUri": "file:///root", "workspaceFolders": [{"uri": "file:///a"}]}, ["/a"]),
        ({"workspaceFolders": [{"uri": u} for u in ("file:///b", "vsls:/x", "file:///a", "file:///b/")]}, ["/b", "/a"]),
    ],
    ids=str,
)
def test_the_newest_form_counts(params: dict[str, Any], folders: list[str]) -> None:
    assert first_folders(params) == folders


def test_changes_keep_the_order() -> None:
    assert changed_folders(["/a", "/b", "/c"], ["file:///b/", "vsls:/b"], ["file:///d", "file:///a"]) == [
        "/a",
        "/c",
        "/d",
    ]
