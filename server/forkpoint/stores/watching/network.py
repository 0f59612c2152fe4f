"""Whether a folder lies on a file system whose other users the system tells nothing of (Linux)."""

import os

MOUNTS = "/proc/self/mountinfo"
REMOTE = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "virtiofs",
        "vboxsf", "vmhgfs", "fakeowner",
    }
)  # fmt: skip
"""Types of file systems shared with other machines, or with the host of a virtual one."""


def is_remote(folder: str) -> bool:
    """Tell whether a folder is on such a file system; False where the system does not say."""
    kind = mount_type(folder)
    return kind in REMOTE or kind.startswith("fuse.")


def mount_type(folder: str) -> str:
    """Give the type of the file system a folder lies on; empty when it is not known.

    Source: proc(5), `/proc/pid/mountinfo`: the mount point is the fifth field, the type the first after ` - `.
    """
    try:
        with open(MOUNTS, "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return ""
    place = os.fsencode(folder)
    longest, kind = -1, b""
    for line in lines:
        before, _, after = line.partition(b" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = fields[4].replace(b"\\040", b" ").replace(b"\\011", b"\t").replace(b"\\134", b"\\")
        holds = place == point or place.startswith(point.rstrip(b"/") + b"/")
        if holds and len(point) >= longest:
            longest, kind = len(point), after.split()[0]
    return kind.decode(errors="replace")
