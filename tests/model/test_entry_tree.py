"""Paths and faults of any tree of links."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.model.entry_tree import faults, path_to

Links = list[tuple[str | None, str | None]]


def _path(links: Links, leaf: int) -> list[int]:
    ids = {name: ordinal for ordinal, (name, _) in enumerate(links) if name is not None}
    return path_to(leaf, [parent for _, parent in links], ids)


def _faults(links: Links) -> list[tuple[str, int]]:
    found = faults(range(len(links)), [name for name, _ in links], [parent for _, parent in links])
    return [(fault.kind, fault.ordinal) for fault in found]


@pytest.mark.parametrize(
    ("links", "leaf", "path"),
    [
        pytest.param([("a", None), ("b", "a"), ("c", "b")], 2, [0, 1, 2], id="chain"),
        pytest.param([("a", None), ("b", "a"), ("c", "a")], 2, [0, 2], id="branch"),
        pytest.param([("a", None), ("b", "gone"), ("c", "b")], 2, [1, 2], id="orphan-begins-the-path"),
        pytest.param([("a", "b"), ("b", "a")], 1, [0, 1], id="cycle-ends"),
        pytest.param([("a", "a")], 0, [0], id="own-parent"),
        pytest.param([("a", None), ("b", "a"), ("a", "b"), ("c", "a")], 3, [1, 2, 3], id="last-of-a-double-wins"),
        pytest.param([(None, None)], 0, [0], id="no-id"),
    ],
)
def test_path(links: Links, leaf: int, path: list[int]) -> None:
    assert _path(links, leaf) == path


@pytest.mark.parametrize(
    ("links", "found"),
    [
        pytest.param([("a", None), ("b", "a")], [], id="sound"),
        pytest.param([("a", "gone")], [("orphan", 0)], id="orphan"),
        pytest.param([("a", None), ("a", None)], [("duplicateId", 1)], id="double"),
        pytest.param([("a", "a")], [("cycle", 0)], id="own-parent"),
        pytest.param([("a", "c"), ("b", "a"), ("c", "b"), ("d", "c")], [("cycle", 0)], id="one-cycle-once"),
    ],
)
def test_faults(links: Links, found: list[tuple[str, int]]) -> None:
    assert _faults(links) == found


names = st.sampled_from([None, "a", "b", "c", "d"])


@given(st.lists(st.tuples(names, names), min_size=1, max_size=12), st.data())
def test_any_links_end_and_are_followed(links: Links, data: st.DataObject) -> None:
    leaf = data.draw(st.integers(0, len(links) - 1))
    path = _path(links, leaf)
    assert path[-1] == leaf
    assert len(set(path)) == len(path)
    for above, below in itertools.pairwise(path):
        assert links[above][0] == links[below][1]
    _faults(links)
