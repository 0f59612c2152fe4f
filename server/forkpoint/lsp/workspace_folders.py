"""The editor's workspace folders as paths, at start and as they change."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from forkpoint.lsp.json_values import is_array, is_object

_DRIVE = re.compile(r"/[A-Za-z]:(/|\Z)")


def path_of_uri(uri: str) -> str | None:
    """Give the absolute path of a `file:` URI; None for another scheme, another machine, or no absolute path.

    Bytes that are not UTF-8 come as the surrogates that the os module takes back. Source: RFC 8089.
    """
    try:
        parts = urlsplit(uri)
        path = os.fsdecode(unquote_to_bytes(os.fsencode(parts.path)))
    except ValueError:  # no URI, or text that is no name of a file
        return None
    if parts.scheme.lower() != "file" or parts.netloc.lower() not in ("", "localhost"):
        return None
    if os.name == "nt" and _DRIVE.match(path):
        path = path[1:]
    return _clean(path)


def first_folders(params: Mapping[str, Any]) -> list[str]:
    """Give the folders that `initialize` names: `workspaceFolders`, else `rootUri`, else `rootPath` of old clients."""
    folders = params.get("workspaceFolders")
    if is_array(folders) and folders:
        return _distinct(_paths(folders))
    root_uri, root_path = params.get("rootUri"), params.get("rootPath")
    if isinstance(root_uri, str):
        return _distinct([path_of_uri(root_uri)])
    return _distinct([_clean(root_path)]) if isinstance(root_path, str) else []


def changed_folders(current: Sequence[str], removed: Sequence[str], added: Sequence[str]) -> list[str]:
    """Give the folders after a change; `removed` and `added` are URIs, the order is the editor's."""
    gone = {path_of_uri(uri) for uri in removed}
    return _distinct([*(folder for folder in current if folder not in gone), *map(path_of_uri, added)])


def _paths(folders: Sequence[Any]) -> list[str | None]:
    uris = [folder.get("uri") for folder in folders if is_object(folder)]
    return [path_of_uri(uri) for uri in uris if isinstance(uri, str)]


def _clean(path: str) -> str | None:
    try:
        os.fsencode(path)
    except ValueError:
        return None
    return os.path.normpath(path) if os.path.isabs(path) and "\0" not in path else None


def _distinct(paths: Sequence[str | None]) -> list[str]:
    return list(dict.fromkeys(path for path in paths if path is not None))
