"""A deterministic store of synthetic pi sessions, with a manifest of what is in it.

    python -m tests.generators.pi_store --home DIR [--sessions 100] [--work-dirs 8] [--entries 60] [--branches 2]
        [--seed 1] [--size-mb 0] [--dialect pi|rust|v2|v1] [--damage 0] [--manifest FILE]

Sessions land in DIR/.pi/agent/sessions/<encoded cwd>/, so DIR serves as HOME and DIR/.pi/agent as
PI_CODING_AGENT_DIR. --entries and --branches are means per session. --size-mb makes the first session grow until its
file has that many megabytes. --damage N harms the last N sessions, each in another way; the manifest says how.
The same arguments give the same bytes.
"""

import argparse
import json
import os
import random
import re
import sys
from pathlib import Path

from tests.generators.pi_prose import NOUNS, Json
from tests.generators.pi_session import Session

DIALECTS = ("pi", "rust", "v2", "v1")
DAMAGES = ("torn_tail", "no_final_newline", "garbage_line", "orphan", "duplicate_id", "blank_lines", "crlf", "bom")
_EPOCH_MS = 1767600000000
"""2026-01-05 08:00:00 UTC."""
_FIXED_DIRS = ("/srv/app", "/srv/a-b", "/srv/a/b", "/home/dev/my project", "/srv/dätä/日本")


def build(
    home: str | Path,
    *,
    sessions: int = 100,
    work_dirs: int = 8,
    entries: int = 60,
    branches: float = 2,
    seed: int = 1,
    size_mb: float = 0,
    dialect: str = "pi",
    damage: int = 0,
) -> Json:
    """Write the store under a home folder and give its manifest: `args`, `agentDir`, and a row per session."""
    given = {
        "sessions": sessions,
        "work_dirs": work_dirs,
        "entries": entries,
        "branches": branches,
        "seed": seed,
        "size_mb": size_mb,
        "dialect": dialect,
        "damage": damage,
    }
    agent_dir = os.path.join(home, ".pi", "agent")
    rng = random.Random(seed)
    folders = (*_FIXED_DIRS, *(f"/home/dev/repos/{NOUNS[i % len(NOUNS)]}-{i}" for i in range(work_dirs)))
    made: list[tuple[Session, str]] = []
    rows: list[Json] = []
    for number in range(sessions):
        cwd = folders[number % max(1, work_dirs)]
        start = _EPOCH_MS + number * 1_800_000 + rng.randrange(600_000)
        session = Session(rng, cwd, start, dialect, f"NEEDLE{seed:03d}x{number:06d}q")
        earlier = [item for item in made if item[0].cwd == cwd]
        if earlier and dialect != "v1" and rng.random() < 0.12:
            session.fork_of(*rng.choice(earlier))
        else:
            wanted = max(4, int(rng.expovariate(1 / entries))) if entries else 4
            session.grow(wanted, 0 if dialect == "v1" else branches, int(size_mb * 1e6) if number == 0 else 0)
        harm = DAMAGES[(sessions - 1 - number) % len(DAMAGES)] if number >= sessions - damage else None
        row = _save(session, os.path.join(agent_dir, "sessions"), harm, rng)
        made.append((session, row["path"]))
        rows.append(row)
    _name_holders(made, rows)
    return {"args": given, "agentDir": agent_dir, "sessions": rows}


def encode_cwd(cwd: str) -> str:
    """Give the name of a work dir's folder, as pi before 0.76 made it."""
    return "--" + re.sub(r"[/\\:]", "-", re.sub(r"^[/\\]", "", cwd)) + "--"


def _save(session: Session, root: str, damage: str | None, rng: random.Random) -> Json:
    """Write a session's file and give its row of the manifest."""
    folder = os.path.join(root, encode_cwd(session.cwd))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, session.file_name())
    data = ("\n".join(session.lines()) + "\n").encode()
    row = session.facts(path)
    if damage is not None:
        data, line = harm(data, damage, rng)
        row["damage"] = {"kind": damage, "line": line}
    with open(path, "wb") as out:
        out.write(data)
    touched = session.last_activity / 1000
    os.utime(path, (touched, touched))
    row["bytes"] = len(data)
    return row


def harm(data: bytes, kind: str, rng: random.Random) -> tuple[bytes, int | None]:
    """Give the harmed bytes of a file, and on which line the harm is, counted from 1."""
    lines = data.decode().rstrip("\n").split("\n")
    middle = rng.randrange(len(lines) // 2, len(lines) - 1)
    if kind == "torn_tail":
        return "\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]).encode(), len(lines)
    if kind == "no_final_newline":
        return "\n".join(lines).encode(), len(lines)
    if kind == "duplicate_id":
        lines.append(lines[middle])
        return ("\n".join(lines) + "\n").encode(), len(lines)
    if kind == "crlf":
        return ("\r\n".join(lines) + "\r\n").encode(), None
    if kind == "bom":
        return b"\xef\xbb\xbf" + data, 1
    if kind == "garbage_line":
        lines.insert(middle, '{"type":"message","id":')
    elif kind == "blank_lines":
        lines.insert(middle, "   ")
    else:
        del lines[middle]  # orphan: the next line's parent is gone
    return ("\n".join(lines) + "\n").encode(), middle + 1


def _name_holders(made: list[tuple[Session, str]], rows: list[Json]) -> None:
    """Add to every row in which files its needle is."""
    holders: dict[str, list[str]] = {}
    for session, path in made:
        for needle in session.needles:
            holders.setdefault(needle, []).append(path)
    for row in rows:
        row["needleIn"] = sorted(holders[row["needle"]])


def main() -> None:
    """Build a store from the command line."""
    assert __doc__ is not None
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--home", required=True)
    cli.add_argument("--sessions", type=int, default=100)
    cli.add_argument("--work-dirs", type=int, default=8)
    cli.add_argument("--entries", type=int, default=60)
    cli.add_argument("--branches", type=float, default=2)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--size-mb", type=float, default=0)
    cli.add_argument("--dialect", choices=DIALECTS, default="pi")
    cli.add_argument("--damage", type=int, default=0)
    cli.add_argument("--manifest")
    given = vars(cli.parse_args())
    home, target = os.path.abspath(given.pop("home")), given.pop("manifest")
    manifest = build(home, **given)
    target = target or os.path.join(home, "pi-manifest.json")
    with open(target, "w", encoding="utf-8") as out:
        json.dump(manifest, out, ensure_ascii=False, indent=1)
    total = sum(row["bytes"] for row in manifest["sessions"])
    sys.stdout.write(f"{len(manifest['sessions'])} sessions, {total / 1e6:.1f} MB, manifest {target}\n")


if __name__ == "__main__":
    main()
