"""The names of the wire, made by one rule for everything that reads or writes them."""


def camel_case(name: str) -> str:
    """Give the wire name of a Python name: `native_id` becomes `nativeId`.

    A trailing underscore, which keeps a name off a Python keyword, is dropped.
    """
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
