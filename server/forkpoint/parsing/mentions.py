"""Which files of a folder are spoken of in the lines of a transcript."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence


def spoken_of(names: Sequence[str], folder: str, lines: Iterable[bytes]) -> list[str]:
    """Give those of the names that lines speak of as `folder/name`, in the order of `names`.

    Reading ends when all are found. A name counts raw or in ASCII, in a JSON text or in one within another; of names
    that begin alike the longest counts, and one that goes on is another name.
    """
    if not names:
        return []
    forms = {form: name for name in names for form in _forms(name)}
    choice = b"|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pattern = re.compile(re.escape(folder.encode()) + rb"(?:/|\\+)(" + choice + rb")(?![A-Za-z0-9_])")
    found: set[str] = set()
    for line in lines:
        for match in pattern.finditer(line):
            found.update(_readings(forms, match[1]))
        if len(found) == len(names):
            break
    return [name for name in names if name in found]


def _readings(forms: Mapping[bytes, str], form: bytes) -> Iterator[str]:
    """Give the name that a form stands for, and those that it could stand for where a quotation mark ends a text."""
    yield forms[form]
    ends = (place for place, mark in enumerate(form) if mark in b'"\\')
    yield from (forms[form[:end]] for end in ends if form[:end] in forms)


def _forms(name: str) -> Iterator[bytes]:
    """Give a name as it may stand in a line: raw or in ASCII, in a JSON text or in one within another."""
    for ascii_only in (False, True):
        text = name
        for _ in range(2):
            text = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
            yield text.encode(errors="surrogatepass")
