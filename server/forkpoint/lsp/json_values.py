"""What a decoded value is, told so that the type checker knows it too; loads nothing, as the first reply needs it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard


def is_object(value: "Any") -> "TypeGuard[dict[str, Any]]":
    """Tell whether a decoded value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: "Any") -> "TypeGuard[list[Any]]":
    """Tell whether a decoded value is a JSON array."""
    return isinstance(value, list)


def is_whole(value: "Any") -> "TypeGuard[int]":
    """Tell whether a decoded value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: "Any") -> "TypeGuard[str | int]":
    """Tell whether a decoded value may be the id of a request, or a progress token."""
    return isinstance(value, str) or is_whole(value)


def member_at(value: "Any", *steps: str) -> "Any":
    """Give the member that the names lead to; None when something on the way is missing or no object."""
    for step in steps:
        if not is_object(value):
            return None
        value = value.get(step)
    return value
