"""Reading what git prints with -z, and putting it together."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forkpoint.model.diff_stats import FileDiff
from forkpoint.parsing.git_output import (
    LineCount,
    LooseFile,
    Status,
    TrackedFile,
    TreeEntry,
    combine,
    count_lines,
    driver_names,
    is_on,
    read_numstat,
    read_settings,
    read_status,
    read_tree_entry,
    shown_path,
)

ID = b"ab" * 20
NONE = b"0" * 40
FILE, PROGRAM, LINK = 0o100644, 0o100755, 0o120000

ODD_PATHS = [
    b"a b",
    b"new\nline",
    b"tab\there",
    b'quo"te',
    b"back\\slash",
    "größe-日本".encode(),
    b"bad\xff\xfe",
    b"=>",
    b"-x",
]

names = st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name and not name.endswith(b"/"))
counts = st.none() | st.integers(0, 10**9)


def ordinary(path: bytes, head: bytes = b"100644", work: bytes = b"100644") -> bytes:
    return b"1 .M N... %s 100644 %s %s %s %s\0" % (head, work, ID, ID, path)


@pytest.mark.parametrize("path", ODD_PATHS)
def test_status_keeps_the_bytes_of_a_path(path: bytes) -> None:
    raw = (
        ordinary(path)
        + b"? "
        + path
        + b".new\0"
        + b"u UU N... 100644 100644 100644 100755 %s %s %s %s\0"
        % (
            NONE,
            ID,
            NONE,
            path + b".both",
        )
    )
    status = read_status(raw)
    assert status.tracked == {
        path: TrackedFile(FILE, FILE, ID),
        path + b".both": TrackedFile(FILE, PROGRAM, ID, conflicted=True),
    }
    assert status.untracked == [path + b".new"]


def test_status_of_a_rename_takes_the_old_name_along() -> None:
    raw = b"2 R. N... 100644 100644 100644 %s %s R100 new\0? old\0" % (ID, ID) + b"? loose\0"
    status = read_status(raw)
    assert list(status.tracked) == [b"new"]
    assert status.untracked == [b"loose"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b"# branch.oid %s\0# branch.head main\0" % ID, ("main", None, None)),
        (b"# branch.oid %s\0# branch.head (detached)\0" % ID, (None, None, None)),
        (b"# branch.oid (initial)\0# branch.head fresh\0", ("fresh", None, None)),
        (b"# branch.head a\0# branch.upstream o/a\0# branch.ab +3 -14\0", ("a", 3, 14)),
        (b"# branch.head a\0# branch.ab +? -?\0", ("a", None, None)),
        (b"# branch.head sp\xffce\0# stash 4\0# \0#\0", ("sp\ufffdce", None, None)),
    ],
)
def test_status_headers(headers: bytes, expected: tuple[str | None, int | None, int | None]) -> None:
    status = read_status(headers)
    assert (status.branch, status.ahead, status.behind) == expected


def test_what_is_not_below_the_prefix_is_left_out() -> None:
    raw = ordinary(b"sub/a") + ordinary(b"sub") + ordinary(b"subway/b") + b"? sub/new\0? other/new\0? sub/\0"
    status = read_status(raw, b"sub/")
    assert list(status.tracked) == [b"a"]
    assert status.untracked == [b"new"]
    counted = read_numstat(b"1\t0\tsub/a\0" + b"1\t0\tsubway/b\0" + b"0\t0\t\0sub/x\0sub/y\0", b"sub/")
    assert counted == [LineCount(b"a", None, 1, 0), LineCount(b"y", b"x", 0, 0)]


def test_another_repository_is_no_file() -> None:
    assert read_status(b"? nested/\0? file\0").untracked == [b"file"]


@given(st.lists(st.tuples(names, st.none() | names, counts, counts)))
def test_numstat_reads_back_what_was_written(rows: list[tuple[bytes, bytes | None, int | None, int | None]]) -> None:
    raw = b""
    for path, old, added, deleted in rows:
        shown = [b"-" if count is None else b"%d" % count for count in (added, deleted)]
        raw += b"\t".join(shown) + b"\t" + (path if old is None else b"\0" + old + b"\0" + path) + b"\0"
    assert read_numstat(raw) == [LineCount(*row) for row in rows]


@given(
    st.lists(st.tuples(names, st.sampled_from([b"000000", b"100644", b"100755", b"120000"])), unique_by=lambda r: r[0])
)
def test_status_reads_back_what_was_written(rows: list[tuple[bytes, bytes]]) -> None:
    status = read_status(b"".join(ordinary(path, work=mode) for path, mode in rows))
    assert status.tracked == {path: TrackedFile(FILE, int(mode, 8), ID) for path, mode in rows}


PIECES = st.sampled_from(
    [
        b"1 ",
        b"2 ",
        b"u ",
        b"? ",
        b"# ",
        b"\0",
        b"\t",
        b" ",
        b"-",
        b"100644",
        b"9" * 6000,
        b"branch.ab +",
        b"N...",
        ID,
        b"\xff",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join), st.sampled_from([b"", b"sub/"]))
def test_odd_output_raises_nothing(raw: bytes, prefix: bytes) -> None:
    status = read_status(raw, prefix)
    combine(status, read_numstat(raw, prefix), {path: LooseFile() for path in status.untracked})
    read_tree_entry(raw, b"x")
    settings = read_settings(raw)
    driver_names([name for name, _ in settings], b"filter")
    is_on(settings, b"core.bare")


def rows_of(status: Status, counted: list[LineCount], loose: dict[bytes, LooseFile]) -> list[dict[str, Any]]:
    """The rows of the result without the fields that have their defaults."""
    default = FileDiff(path="", status="modified")
    found: list[dict[str, Any]] = []
    for row in combine(status, counted, loose).files:
        pairs = {
            name: getattr(row, name) for name in ("path", "old_path", "status", "additions", "deletions", "binary")
        }
        found.append({n: v for n, v in pairs.items() if n in ("path", "status") or v != getattr(default, n)})
    return found


def tracked(head: int, work: int, *, conflicted: bool = False) -> TrackedFile:
    return TrackedFile(head, work, ID, conflicted)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (tracked(0, FILE), "added"),
        (tracked(FILE, 0), "deleted"),
        (tracked(FILE, FILE), "modified"),
        (tracked(FILE, PROGRAM), "modified"),
        (tracked(FILE, LINK), "typeChanged"),
        (tracked(LINK, PROGRAM), "typeChanged"),
        (tracked(FILE, FILE, conflicted=True), "conflicted"),
        (tracked(0, FILE, conflicted=True), "conflicted"),
    ],
)
def test_modes_decide_the_status(state: TrackedFile, expected: str) -> None:
    rows = rows_of(Status(tracked={b"f": state}), [LineCount(b"f", None, 2, 1)], {})
    assert rows == [{"path": "f", "status": expected, "additions": 2, "deletions": 1}]


def test_an_append_alone_is_no_addition_and_a_cut_no_deletion() -> None:
    status = Status(tracked={b"more": tracked(FILE, FILE), b"less": tracked(FILE, FILE)})
    rows = rows_of(status, [LineCount(b"less", None, 0, 4), LineCount(b"more", None, 4, 0)], {})
    assert [row["status"] for row in rows] == ["modified", "modified"]


def test_a_change_that_was_undone_in_the_working_tree_is_none() -> None:
    stats = combine(Status(tracked={b"f": tracked(FILE, FILE)}), [], {})
    assert (stats.has_changes, stats.files) == (False, [])


def test_a_conflict_without_a_difference_is_still_told() -> None:
    rows = rows_of(Status(tracked={b"f": tracked(FILE, FILE, conflicted=True)}), [], {})
    assert rows == [{"path": "f", "status": "conflicted", "additions": 0, "deletions": 0}]


def test_a_rename_names_both_paths() -> None:
    rows = rows_of(
        Status(tracked={b"new": tracked(0, FILE), b"old": tracked(FILE, 0)}), [LineCount(b"new", b"old", 1, 0)], {}
    )
    assert rows == [{"path": "new", "old_path": "old", "status": "renamed", "additions": 1, "deletions": 0}]


def test_binary_files_have_no_counts_and_do_not_add_up() -> None:
    status = Status(tracked={b"b": tracked(FILE, FILE)}, untracked=[b"u", b"v", b"w"])
    loose = {b"u": LooseFile(binary=True), b"v": LooseFile(lines=5), b"w": LooseFile()}
    stats = combine(status, [LineCount(b"b", None, None, None)], loose)
    assert rows_of(status, [LineCount(b"b", None, None, None)], loose) == [
        {"path": "b", "status": "modified", "binary": True},
        {"path": "u", "status": "untracked", "binary": True},
        {"path": "v", "status": "untracked", "additions": 5, "deletions": 0},
        {"path": "w", "status": "untracked", "deletions": 0},
    ]
    assert (stats.total_additions, stats.total_deletions) == (5, 0)


@pytest.mark.parametrize(
    ("loose", "expected"),
    [
        (LooseFile(3, blob_id=ID), []),
        (LooseFile(3, blob_id=NONE), [{"path": "f", "status": "modified", "additions": 3, "deletions": 7}]),
        (LooseFile(binary=True, blob_id=NONE), [{"path": "f", "status": "modified", "binary": True}]),
    ],
)
def test_a_file_taken_out_of_the_index_is_one_row_or_none(loose: LooseFile, expected: list[dict[str, Any]]) -> None:
    status = Status(tracked={b"f": tracked(FILE, 0)}, untracked=[b"f"])
    assert rows_of(status, [LineCount(b"f", None, 0, 7)], {b"f": loose}) == expected


def test_rows_come_in_the_order_of_their_bytes() -> None:
    status = Status(untracked=[b"b", b"\xff", b"a", "é".encode()])
    stats = combine(status, [], {})
    assert [row.path for row in stats.files] == ["a", "b", "é", "\ufffd"]


@given(names)
def test_a_path_can_be_had_back(path: bytes) -> None:
    text, encoded = shown_path(path)
    assert (text.encode() if encoded is None else base64.b64decode(encoded)) == path


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", 0),
        (b"a", 1),
        (b"a\n", 1),
        (b"a\nb", 2),
        (b"\n\n", 2),
        (b"a\r\nb\r", 2),
        (b"\0", None),
        (b"x" * 7999 + b"\0", None),
        (b"x" * 8000 + b"\0", 1),
    ],
)
def test_lines_are_counted_as_git_counts_them(content: bytes, lines: int | None) -> None:
    assert count_lines(content) == lines


def test_driver_names_are_what_stands_between_the_first_and_the_last_dot() -> None:
    names = [b"filter.a.clean", b"FILTER.a.smudge", b"filter.x.y=z.process", b"filter..clean", b"filter.\xff.clean"]
    assert driver_names([*names, b"diff.external", b"diff.a.command"], b"filter") == [b"a", b"x.y=z", b"", b"\xff"]
    assert driver_names([*names, b"diff.external", b"diff.a.command"], b"diff") == [b"a"]


def test_a_tree_entry_is_found_by_its_exact_path() -> None:
    raw = b"100644 blob %s      12\ta b\tc\0" % ID + b"160000 commit %s       -\tsub\0" % ID
    assert read_tree_entry(raw, b"a b\tc") == TreeEntry(FILE, ID, 12)
    assert read_tree_entry(raw, b"sub") == TreeEntry(0o160000, ID, None)
    assert read_tree_entry(raw, b"a b") is None


def test_settings_keep_newlines_and_equals_signs_of_their_values() -> None:
    raw = b"core.a\nb=c\nd\0core.bare\0filter.x=y.clean\n\0"
    assert read_settings(raw) == [(b"core.a", b"b=c\nd"), (b"core.bare", None), (b"filter.x=y.clean", b"")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], False),
        ([None], True),
        ([b"Yes"], True),
        ([b""], False),
        ([b"true", b"false"], False),
        ([b"no", b"1"], True),
    ],
)
def test_the_last_value_of_a_switch_counts(values: list[bytes | None], expected: bool) -> None:
    settings = [(b"core.bare", value) for value in values] + [(b"core.other", b"true")]
    assert is_on(settings, b"core.bare") is expected
