"""The names of uploaded files: what is kept of the one that a client gives, and what it becomes when it is taken."""

import unicodedata

NAME_LIMIT = 200
"""The longest name, in bytes of UTF-8; what a taken name adds is counted in."""
MARK = 16
"""Bytes that stay free of those for a number in brackets."""
EXTENSION_LIMIT = 32
"""The longest extension that is kept when a name is cut, in bytes; a longer one is no extension."""
UNNAMED = "upload"

_KEPT = frozenset("._- ")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, range(0x180B, 0x1810)))
"""Letters and marks that show nothing. Source: Unicode 15.1, Default_Ignorable_Code_Point."""
_DEVICES = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789"
}
"""Names that Windows takes for devices, whatever their extension."""


def kept_name(given: str) -> str:
    """Give the name that an uploaded file gets, at most `NAME_LIMIT - MARK` bytes, NFC.

    Of a path the last component counts. Letters, digits and their marks, of any script, `.`, `_`, `-` and blanks stay;
    other blanks become usual ones, and all else goes. It never begins with a dot or a blank, ends with neither, is
    never empty and never the name of a device.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = unicodedata.normalize("NFC", "".join(_kept_characters(unicodedata.normalize("NFC", last))))
    stem, dot, extension = kept.rpartition(".")
    if dot and not stem.strip(" .") and not last.lstrip().startswith("."):
        kept = f"{UNNAMED}.{extension}"  # nothing of the name itself could stay
    name = _cut(kept.strip(" ."), NAME_LIMIT - MARK) or UNNAMED
    begin, dot, rest = name.partition(".")
    return f"{begin}_{dot}{rest}" if begin.rstrip(" ").lower() in _DEVICES else name


def numbered(name: str, number: int) -> str:
    """Give the name for the case that those before it are taken: `a (2).txt` for `a.txt` and 2."""
    stem, extension = split(name)
    return f"{stem} ({number}){extension}"


def split(name: str) -> tuple[str, str]:
    """Give a name without its extension, and the extension with its dot, which is empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    if not stem.strip(" .") or len(extension.encode()) > EXTENSION_LIMIT or not extension.strip():
        return name, ""
    return stem, dot + extension


def _kept_characters(text: str) -> list[str]:
    found: list[str] = []
    bearer = False
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M":
            # A mark belongs to the letter before it; one that lost its letter, or chooses how it looks, goes too.
            wanted = bearer and category != "Me" and not _is_invisible(character)
        else:
            wanted = bearer = (category[0] == "L" or category == "Nd") and not _is_invisible(character)
            if category == "Zs":
                character = " "
            wanted = wanted or character in _KEPT
        if wanted:
            found.append(character)
    return found


def _is_invisible(character: str) -> bool:
    return character in _INVISIBLE or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _cut(name: str, limit: int) -> str:
    """Shorten a name by its stem, between characters."""
    if len(name.encode()) <= limit:
        return name
    stem, extension = split(name)
    room = limit - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + extension
