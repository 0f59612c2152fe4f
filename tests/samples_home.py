"""A small home folder with sessions of two agents and a git repository: the same every time it is made.

The demo, the examples of PROTOCOL.md and the end-to-end tests use it. `python -m tests.samples_home FOLDER` makes
one and prints its work dir and the environment a server needs to see nothing else, as JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import attrs

from tests.end_to_end.server_process import server_environment
from tests.sample_sessions import START, KimiWriter, PiWriter, Tool, Turn, kimi_folder, write_kimi_index

KIMI_IMPORTER = "5d2f0d0e-8a55-4f0e-9a53-0f2f3c1b7a10"
KIMI_PRICES = "0b7e4a52-3c1d-4e7f-8a90-6b5c4d3e2f1a"
KIMI_NOTES = "c2a9f6d4-1b3e-4d5c-9f8a-7e6d5c4b3a29"
PI_UPLOADER = "019b8d33-23d7-7876-a850-1e2c44dcda6a"
PI_FORK = "019b8d41-77e2-7c04-9b1d-52f0a3c4e5d6"
PI_TORN = "019b8d55-0a10-7e3f-8c2b-6d7e8f901234"
PI_NOTES = "019b8d60-4b21-7f50-a3c4-9e8d7c6b5a43"
RETRY = "def retry(): ...\n"


@attrs.frozen(kw_only=True)
class SampleHome:
    """What was made, and where."""

    home: Path
    """The HOME of the sample."""
    work_dir: Path
    """The git repository that most sessions work in."""
    notes_dir: Path
    """A second work dir, without a repository."""
    sessions: dict[str, str]
    """Session ids by a short name: importer, prices, kimiNotes, uploader, fork, torn, piNotes."""

    def environment(self) -> dict[str, str]:
        """Give the environment of a server that sees this home and nothing else."""
        return server_environment(self.home)


def make_home(folder: Path) -> SampleHome:
    """Make the home under a folder that exists. The same folder gives the same bytes and times."""
    home = folder.resolve() / "ana"
    work_dir, notes_dir = home / "shop", home / "notes"
    notes_dir.mkdir(parents=True)
    (notes_dir / "ideas.md").write_text("- a dark mode\n")
    make_repository(work_dir)
    _kimi_store(home / ".kimi", work_dir, notes_dir)
    _pi_store(home / ".pi" / "agent" / "sessions", work_dir, notes_dir)
    return SampleHome(
        home=home,
        work_dir=work_dir,
        notes_dir=notes_dir,
        sessions={
            "importer": f"kimi:{KIMI_IMPORTER}",
            "prices": f"kimi:{KIMI_PRICES}",
            "kimiNotes": f"kimi:{KIMI_NOTES}",
            "uploader": f"pi:{PI_UPLOADER}",
            "fork": f"pi:{PI_FORK}",
            "torn": f"pi:{PI_TORN}",
            "piNotes": f"pi:{PI_NOTES}",
        },
    )


def _kimi_store(share: Path, work_dir: Path, notes_dir: Path) -> None:
    at_work = kimi_folder(share, work_dir)
    old, new = "    for row in rows:\n        save(row)\n", "    save_all(rows)\n"
    edit = {"path": "src/importer.py", "edit": {"old": old, "new": new}}
    diff = {"type": "diff", "path": "src/importer.py", "old_text": old, "new_text": new, "old_start": 4, "new_start": 4}
    importer = (
        KimiWriter(10)
        .turn(
            Turn(
                "The importer takes a minute for 10,000 rows. Where does the time go?",
                [
                    Tool("ReadFile", {"path": "src/importer.py"}, "def load(rows):\n    for row in rows:\n"),
                    "It saves row by row, and every save is a transaction of its own.",
                ],
            )
        )
        .turn(
            Turn(
                "Save them in one go then.",
                [
                    Tool("StrReplaceFile", edit, "", [{**diff, "is_summary": False}]),
                    Tool("Shell", {"command": "pytest -q"}, "12 passed in 0.41s\n"),
                    "Done: one transaction, 0.8 s for 10,000 rows.",
                ],
            )
        )
        .turn(
            Turn(
                "Who else calls parse_price?",
                [
                    Tool(
                        "Agent",
                        {"subagent_type": "explore", "prompt": "Find every caller of parse_price."},
                        "src/importer.py and src/prices.py call it.",
                        helper="Two callers: src/importer.py:9 and src/prices.py:14.",
                    ),
                    "`src/importer.py` and `src/prices.py`.",
                ],
            )
        )
    )
    importer.save(at_work / KIMI_IMPORTER, custom_title="Speed up the importer", title_generated=True)
    prices = KimiWriter(95).turn(
        Turn(
            "Why does parse_price drop the cents of “1.234,50 €”?",
            [
                Tool("Grep", {"pattern": "parse_price", "path": "src"}, "src/prices.py:3:def parse_price(text):\n"),
                Tool("Shell", {"command": "python -m shop.prices '1.234,50 €'"}, None),
            ],
        )
    )
    prices.save(at_work / KIMI_PRICES)
    notes = KimiWriter(2).turn(Turn("Sort the ideas by effort.", ["Sorted; the dark mode comes first."]))
    kept = kimi_folder(share, notes_dir) / KIMI_NOTES
    notes.save(kept, custom_title="Sort the ideas", title_generated=True, archived=True, archived_at=START + 3600.0)
    write_kimi_index(share, [(work_dir, KIMI_PRICES), (notes_dir, KIMI_NOTES)])


def _pi_store(sessions: Path, work_dir: Path, notes_dir: Path) -> None:
    uploader = PiWriter(PI_UPLOADER, work_dir, 30).begin()
    uploader.turn(
        Turn(
            "Add a retry to the uploader.",
            [
                Tool("read", {"path": "src/uploader.py"}, "def upload(file):\n    return post(file)\n"),
                Tool("write", {"path": "src/retry.py", "content": RETRY}, "Wrote 17 bytes to src/retry.py"),
                "The uploader now tries three times, with a growing pause.",
            ],
        )
    )
    cut = uploader.leaf
    uploader.turn(Turn("Only for network errors, please.", ["Other errors are raised at once now."]))
    left, uploader.leaf = uploader.leaf, cut
    uploader.entry("branch_summary", fromId=left, summary="Tried to retry on network errors alone.")
    uploader.turn(Turn("Log every attempt instead.", ["Each attempt is logged with its number."]))
    uploader.entry("session_info", name="Uploader retry")
    path = uploader.save(sessions)

    fork = PiWriter(PI_FORK, work_dir, 60, parent=path).copy_from(uploader, cut)
    fork.turn(Turn("Make the number of tries a setting.", ["It is `UPLOAD_TRIES`, three by default."])).save(sessions)
    torn = PiWriter(PI_TORN, work_dir, 75).begin()
    torn.turn(Turn("Write a test for the retry.", ["`tests/test_retry.py` has four cases."]))
    torn.save(sessions, spoilt=b'{"type":"message","id":\n')
    PiWriter(PI_NOTES, notes_dir, 5).begin().turn(
        Turn("Which idea is cheapest?", ["The dark mode: the colours are variables already."])
    ).save(sessions)


# --- the repository -----------------------------------------------------------------------------------------------

COMMITTED = {
    ".gitignore": ".env\n",
    "README.md": "# Shop\n",
    "docs/plan.md": "# Plan\n\n1. Import prices.\n2. Upload pictures.\n3. Open the shop.\n",
    "src/importer.py": "from shop.store import save\n\n\ndef load(rows):\n    for row in rows:\n        save(row)\n",
    "src/prices.py": "def parse_price(text):\n    return float(text)\n",
    "src/uploader.py": "def upload(file):\n    return post(file)\n",
}
IMPORTER = "from shop.store import save_all\n\n\ndef load(rows):\n    save_all(rows)\n"
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


def make_repository(folder: Path) -> None:
    """Make a git repository with one commit and every kind of change on top: modified, added, renamed, deleted,
    binary and untracked, and an ignored `.env`."""
    for name, text in COMMITTED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "logo.png").write_bytes(LOGO)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message=Open the shop")
    (folder / "src/importer.py").write_text(
        "from shop.store import save_all\n\n\ndef load(rows):\n    save_all(rows)\n"
    )
    (folder / "src/retry.py").write_text(RETRY)
    _git(folder, "add", "src/retry.py")
    _git(folder, "mv", "docs/plan.md", "docs/roadmap.md")
    (folder / "src/uploader.py").unlink()
    (folder / "logo.png").write_bytes(LOGO[::-1])
    (folder / "notes.txt").write_text("ask about the cents\n")
    (folder / ".env").write_text("API_KEY=for-no-one-else\n")


def _git(folder: Path, *arguments: str) -> None:
    person = {"NAME": "Ana", "EMAIL": "ana@example.org", "DATE": f"{START} +0000"}
    identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    bare = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"], "LANG": "C"}
    subprocess.run(["git", *arguments], cwd=folder, env=bare | identity, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    made = make_home(Path(sys.argv[1]))
    said = {"home": str(made.home), "workDir": str(made.work_dir), "sessions": made.sessions}
    sys.stdout.write(json.dumps({**said, "environment": made.environment()}) + "\n")
