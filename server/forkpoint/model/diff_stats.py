"""What git says of a folder: how its working tree differs from HEAD."""

from typing import Literal

import attrs

FileStatus = Literal["added", "modified", "deleted", "renamed", "typeChanged", "untracked", "conflicted"]


@attrs.frozen(kw_only=True)
class FileDiff:
    """One file that is not as HEAD has it."""

    path: str
    """The path relative to the folder that was asked about, with slashes."""
    path_base64: str | None = None
    """The bytes of `path`, base64, when it is not UTF-8."""
    old_path: str | None = None
    """The path at HEAD, relative like `path`; only with the status renamed."""
    old_path_base64: str | None = None
    """The bytes of `old_path`, base64, when it is not UTF-8."""
    status: FileStatus
    """HEAD against the working tree: added, modified, deleted, renamed, typeChanged (from file to link or back),
    untracked (not in the index and not ignored) or conflicted (a merge left it undecided)."""
    additions: int | None = None
    """Lines that the working tree has and HEAD has not; null for a binary file, and for an untracked one that is too
    large, or not to be read."""
    deletions: int | None = None
    """Lines that HEAD has and the working tree has not; null for a binary file."""
    binary: bool = False
    """Whether git takes it for binary: there are no lines to count."""


@attrs.frozen(kw_only=True)
class DiffStats:
    """How the working tree below a folder differs from HEAD.

    Submodules and other repositories inside the folder are not looked into and not listed.
    """

    is_git_repo: bool
    """Whether the folder lies in the working tree of a repository; when false, all else is empty."""
    branch: str | None = None
    """The branch, also before its first commit; absent with a detached HEAD."""
    ahead: int | None = None
    """Commits that the branch has and its upstream has not; absent without an upstream."""
    behind: int | None = None
    """Commits that the upstream has and the branch has not; absent without an upstream."""
    has_changes: bool = False
    """Whether `files` has any."""
    total_additions: int = 0
    """The sum over the files that were counted."""
    total_deletions: int = 0
    """The sum over the files that were counted."""
    files: list[FileDiff] = attrs.Factory(list[FileDiff])
    """The changed files, one entry each, in the order of their paths' bytes."""


@attrs.frozen(kw_only=True)
class FileSides:
    """One file as HEAD has it and as the working tree has it."""

    old: str | None = None
    """The text at HEAD; absent when HEAD has no such file, and when `binary`. A link's text is where it points."""
    new: str | None = None
    """The text in the working tree; absent when it has no such file, and when `binary`."""
    binary: bool
    """Whether a side is not UTF-8 text; both texts are absent then."""
