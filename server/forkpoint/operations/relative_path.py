"""A path below a folder, and a range of a file, as a client names them."""

import base64
import binascii

from forkpoint.operations.registry import InvalidParams


def relative_path(path: str | None, path_base64: str | None) -> str:
    """Give the path as text, with bytes that are not UTF-8 as surrogate escapes; `path_base64` goes before `path`.

    Raises InvalidParams when neither is given and when the second is not base64.
    """
    if path_base64 is None:
        if path is None:
            raise InvalidParams([("/path", "must be given, or else `pathBase64`")])
        return path
    try:
        return base64.b64decode(path_base64, validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        raise InvalidParams([("/pathBase64", "must be base64")]) from None


def refuse_bad_range(offset: int, length: int | None) -> None:
    """Raise InvalidParams when a range of bytes begins, or ends, before its file does."""
    wrong = [
        (f"/{name}", "must not be negative")
        for name, value in (("offset", offset), ("length", length))
        if value is not None and value < 0
    ]
    if wrong:
        raise InvalidParams(wrong)
