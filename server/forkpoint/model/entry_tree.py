"""The tree that parent links make, and the path to a leaf, over ordinals of lines.

Agents write these links, and other programs damage them: a parent may be missing, an id may come twice, links may
close a loop. Walking always ends.
"""

from collections.abc import Mapping, Sequence

import attrs


@attrs.frozen
class TreeFault:
    """One broken link."""

    kind: str
    """orphan, duplicateId or cycle."""
    ordinal: int
    """The line at fault."""
    reason: str


def path_to(leaf: int | None, parents: Sequence[str | None], by_id: Mapping[str, int]) -> list[int]:
    """Give the ordinals from a root, or from an orphan, to the leaf.

    `parents` holds the parent id of each ordinal; of two lines with one id `by_id` names the last, as pi does.
    A walk that comes back to a line it has passed stops before it.
    """
    path: list[int] = []
    seen: set[int] = set()
    at = leaf
    while at is not None and at not in seen:
        seen.add(at)
        path.append(at)
        parent = parents[at]
        at = None if parent is None else by_id.get(parent)
    path.reverse()
    return path


def faults(nodes: Sequence[int], ids: Sequence[str | None], parents: Sequence[str | None]) -> list[TreeFault]:
    """Name every orphan, duplicate and cycle among the given ordinals, in file order; each cycle once."""
    by_id: dict[str, int] = {}
    found: list[TreeFault] = []
    for ordinal in nodes:
        name = ids[ordinal]
        if name is None:
            continue
        if name in by_id:
            found.append(TreeFault("duplicateId", ordinal, f"the id {name!r} stands on an earlier line too"))
        by_id[name] = ordinal
    for ordinal in nodes:
        parent = parents[ordinal]
        if parent is not None and parent not in by_id:
            found.append(TreeFault("orphan", ordinal, f"its parent {parent!r} is not in the file"))
    found += _cycles(nodes, parents, by_id)
    return sorted(found, key=lambda fault: fault.ordinal)


def _cycles(nodes: Sequence[int], parents: Sequence[str | None], by_id: Mapping[str, int]) -> list[TreeFault]:
    settled: set[int] = set()
    found: list[TreeFault] = []
    for ordinal in nodes:
        trail: dict[int, None] = {}
        at: int | None = ordinal
        while at is not None and at not in settled and at not in trail:
            trail[at] = None
            parent = parents[at]
            at = None if parent is None else by_id.get(parent)
        if at is not None and at in trail:
            found.append(TreeFault("cycle", at, "following the parents from here comes back here"))
        settled.update(trail)
    return found
