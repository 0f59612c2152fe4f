"""LSP's types, loaded in a third less time."""

import importlib
from functools import partial


def load_types() -> None:
    """Import lsprotocol's classes without comparisons and reprs, which nothing here uses.

    Making those two methods is half of the import's time. Without a repr, no message can get into a log by accident
    either. Where the classes are made in another way, they come out whole and a little later.
    """
    import attrs

    names = attrs.__dict__
    define = names["define"]
    names["define"] = partial(define, eq=False, repr=False)
    try:
        importlib.import_module("lsprotocol.types")
    finally:
        names["define"] = define
