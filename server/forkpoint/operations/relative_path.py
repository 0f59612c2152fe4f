"""A path below a work dir, as a client names it."""

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
