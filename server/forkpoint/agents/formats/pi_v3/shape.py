"""The base of what stored JSON is decoded into."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import Struct
else:
    try:
        from msgspec import Struct
    except ImportError:  # the pure way must work alone, for packages that carry no compiled part
        import attrs

        class Struct:
            """Makes plain classes of its subclasses, with the same fields."""

            def __init_subclass__(cls, **_: object) -> None:
                attrs.define(cls, slots=False)


class Shape(Struct, gc=False):
    """Members under their stored names; those that are not named are passed over."""
