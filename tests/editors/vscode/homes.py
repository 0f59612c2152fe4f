"""The homes that the windows look at: one generated with a manifest, one that reads like a person's."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import attrs

from tests.generators import kimi_store, pi_store
from tests.sample_sessions import START, KimiWriter, PiWriter, Tool, Turn, kimi_folder, write_kimi_index
from tests.samples_home import make_repository

HOSTILE_LINK = "[run](command:forkpoint.about)"
HOSTILE_TITLE = f"$(trash) <img src=x onerror=\"document.title='owned'\"> {HOSTILE_LINK} <b>b</b>"
"""What a session could call itself to be more than text: an icon, an image, a script, a command link."""


# --- the generated home -------------------------------------------------------------------------------------------


@attrs.frozen
class Promised:
    """A row that the manifest promises."""

    text: str
    """What its title is made of: the name it was given, or the beginning of the first prompt."""
    agent: str
    """The agent's name."""
    updated: float
    """When it was last worked on, in seconds."""
    turns: int | None = None
    """None where the manifest does not count them."""

    def is_titled(self, title: str) -> bool:
        """Tell whether it can have this title; one that an agent made is cut at a word under 50 characters."""
        kept = title.removesuffix("…")
        return len(kept) >= min(24, len(self.text)) and (self.text.startswith(kept) or kept.startswith(self.text))


@attrs.frozen(kw_only=True)
class GeneratedHome:
    """What was generated, by group of the tree; the rows of each are in the order they must have."""

    workspace: Path
    """A `.code-workspace` of three folders, of which two are worktrees of one repository."""
    repository: list[Promised]
    """Of the folders proj-000, proj-001 and proj-003: three worktrees of one repository, two of them open."""
    plain: list[Promised]
    """Of the folder proj-002, which is open."""
    others: list[Promised]
    """Of proj-004 and of pi's folders, which are not open."""
    archived: int
    """How many sessions are put away, and so in no group."""


def make_generated_home(home: Path, *, sessions: int = 60) -> GeneratedHome:
    """Generate stores of Kimi and pi below a home, and the worktrees that their sessions work in."""
    kimi = kimi_store.build(home, sessions=sessions, work_dirs=5, turns=2)
    pi = pi_store.build(home, sessions=6, work_dirs=3, entries=12)
    main, linked, plain, unopened, _ = kimi.work_dirs
    _git(main, "init", "--quiet", "--initial-branch=main")
    _git(main, "commit", "--quiet", "--allow-empty", "--message=Begin")
    for number, folder in enumerate((linked, unopened)):
        _git(main, "worktree", "add", "--quiet", "-b", f"side-{number}", str(folder))
    workspace = home / "all.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": str(folder)} for folder in (main, linked, plain)]}))
    rows: dict[str, list[Promised]] = {name: [] for name in (*map(str, kimi.work_dirs), "pi")}
    for item in kimi.index:
        if not item["archived"]:
            text = " ".join(item["first_prompt"].split())
            rows[item["work_dir"]].append(Promised(text, "Kimi CLI", item["mtime"], item["turns"]))
    for item in pi["sessions"]:
        text = " ".join((item["name"] or item["firstUserText"]).split())
        rows["pi"].append(Promised(text, "pi", item["modifiedMs"] / 1000))

    def of(*names: Path | str) -> list[Promised]:
        return sorted((row for name in names for row in rows[str(name)]), key=lambda row: -row.updated)

    return GeneratedHome(
        workspace=workspace,
        repository=of(main, linked, unopened),
        plain=of(plain),
        others=of(kimi.work_dirs[4], "pi"),
        archived=sum(item["archived"] for item in kimi.index),
    )


# --- a person's home ----------------------------------------------------------------------------------------------

MINUTE, HOUR, DAY = 1, 60, 24 * 60
FIRST_TURN = "The importer takes a minute for 10,000 rows. Where does the time go?"
FIRST_ANSWER = "It saves row by row, and every save is a transaction of its own."
IMPORTER = "Speed up the importer"
UPLOADER = "Uploader retry"
IDEAS = "Sort the ideas by effort"
UPLOADER_ID = "019b8d33-23d7-7876-a850-1e2c44dcda6a"
TORN_ID = "019b8d55-0a10-7e3f-8c2b-6d7e8f901234"
TORN = "Write a test for the retry"
HOSTILE_ID = "019b8d71-5c32-7161-84d5-0f1e2d3c4b5a"


@attrs.frozen(kw_only=True)
class PersonsHome:
    """A person's shop, notes and servers, with the sessions of some weeks."""

    shop: Path
    """A git repository with changes; most sessions work in it."""
    uploader: Path
    """The file of a session of pi, which a test may append to."""
    importer: Path
    """The folder of a session of Kimi."""


def make_persons_home(home: Path, *, hostile: bool = False) -> PersonsHome:
    """Make the home; ages count from now. With `hostile`, one session is named by somebody who means harm."""
    shop, notes, servers = home / "shop", home / "notes", home / "servers"
    checkout = home / "shop-checkout"
    for folder in (notes, servers):
        folder.mkdir(parents=True)
    make_repository(shop)
    _git(shop, "worktree", "add", "--quiet", "-b", "checkout", str(checkout))
    importer = _kimi_sessions(home / ".kimi", shop, checkout, notes)
    uploader = _pi_sessions(home / ".pi" / "agent" / "sessions", shop, checkout, servers)
    if hostile:
        harmful = PiWriter(HOSTILE_ID, shop, _ago(3 * MINUTE)).begin()
        harmful.turn(Turn("What can a title do?", ["Nothing but be read."]))
        harmful.entry("session_info", name=HOSTILE_TITLE)
        harmful.save(home / ".pi" / "agent" / "sessions")
    return PersonsHome(shop=shop, uploader=uploader, importer=importer)


def add_pi_session(home: Path, work_dir: Path, text: str, *, age: int = 0) -> None:
    """Add a session of pi with one turn, so many minutes old."""
    native = f"019b9000-0000-7000-8000-{_digest(text, 12)}"
    PiWriter(native, work_dir, _ago(age)).begin().turn(Turn(text, ["Done."])).save(home / ".pi" / "agent" / "sessions")


def add_long_pi_session(home: Path, work_dir: Path, turns: int) -> Path:
    """Add a session of pi with many turns of some 3 kB, and give its file."""
    writer = PiWriter("019b9000-0000-7000-8000-00000000a11e", work_dir, _ago(30)).begin()
    for number in range(turns):
        words = "\n\n".join(f"Paragraph {part} of many. " + "It goes on and on. " * 20 for part in range(8))
        writer.turn(Turn(f"Question {number}", [f"{words}\n\nAnswer {number}."]))
    writer.save(home / ".pi" / "agent" / "sessions")
    return next((home / ".pi").rglob("*00000000a11e.jsonl"))


def append_pi_turn(path: Path, user: str, answer: str) -> None:
    """Append a turn to a session's file, as pi does while it runs."""
    last = json.loads(path.read_text().splitlines()[-1])
    leaf, lines = last["id"], ""
    for role, text in (("user", user), ("assistant", answer)):
        made = _digest(text, 8)
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        message = {"role": role, "content": [{"type": "text", "text": text}], "timestamp": int(time.time() * 1000)}
        lines += (
            json.dumps({"type": "message", "id": made, "parentId": leaf, "timestamp": at, "message": message}) + "\n"
        )
        leaf = made
    with path.open("a") as file:
        file.write(lines)


def rename_pi_session(path: Path, name: str) -> None:
    """Give a session another name, as pi does while it runs."""
    last = json.loads(path.read_text().splitlines()[-1])
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    record = {"type": "session_info", "id": _digest(name, 8), "parentId": last.get("id"), "timestamp": at, "name": name}
    with path.open("a") as file:
        file.write(json.dumps(record) + "\n")


def _kimi_sessions(share: Path, shop: Path, checkout: Path, notes: Path) -> Path:
    old, new = "    for row in rows:\n        save(row)\n", "    save_all(rows)\n"
    edit = {"path": "src/importer.py", "edit": {"old": old, "new": new}}
    diff = {"type": "diff", "path": "src/importer.py", "old_text": old, "new_text": new, "old_start": 4, "new_start": 4}
    importer = _kimi(
        share,
        shop,
        12 * MINUTE,
        "5d2f0d0e-8a55-4f0e-9a53-0f2f3c1b7a10",
        IMPORTER,
        Turn(
            FIRST_TURN,
            [
                Tool(
                    "ReadFile",
                    {"path": "src/importer.py"},
                    "def load(rows):\n    for row in rows:\n        save(row)\n",
                ),
                f"{FIRST_ANSWER}\n\n| rows | seconds |\n| --- | --- |\n| 100 | 0.6 |\n| 10,000 | 61 |",
            ],
        ),
        Turn(
            "Save them in one go then.",
            [
                Tool("StrReplaceFile", edit, "", [{**diff, "is_summary": False}]),
                Tool("Shell", {"command": "pytest -q"}, "12 passed in 0.41s\n"),
                "Done: one transaction, **0.8 s** for 10,000 rows.",
            ],
        ),
        Turn("Who else calls `parse_price`?", ["`src/importer.py:9` and `src/prices.py:14`."]),
    )
    cut = Tool("Shell", {"command": "python -m shop.prices '1.234,50 €'"}, None)
    _kimi(
        share,
        shop,
        48 * MINUTE,
        "0b7e4a52-3c1d-4e7f-8a90-6b5c4d3e2f1a",
        None,
        Turn("Why does parse_price drop the cents of “1.234,50 €”?", [cut]),
    )
    plain = (
        (checkout, 3 * HOUR, "Checkout: show shipping before the total", "Show the shipping costs before the total."),
        (shop, 26 * HOUR, "Move the settings to one file", "Three modules read settings. Put them in one."),
        (shop, 5 * DAY, "Pictures larger than 5 MB", "Large pictures time out. Scale them down first."),
        (notes, 2 * DAY, IDEAS, "Sort the ideas by effort."),
    )
    for number, (folder, age, title, text) in enumerate(plain):
        native = f"c2a9f6d4-1b3e-4d5c-9f8a-7e6d5c4b3a{number:02d}"
        _kimi(share, folder, age, native, title, Turn(text, ["Done, and the tests pass."]))
    write_kimi_index(share, [(shop, importer.name), (checkout, ""), (notes, "")])
    return importer


def _kimi(share: Path, work_dir: Path, age: int, native: str, title: str | None, *turns: Turn) -> Path:
    writer = KimiWriter(_ago(age))
    for turn in turns:
        writer.turn(turn)
    named = {"custom_title": title, "title_generated": True} if title else {}
    return writer.save(kimi_folder(share, work_dir) / native, **named)


def _pi_sessions(sessions: Path, shop: Path, checkout: Path, servers: Path) -> Path:
    uploader = PiWriter(UPLOADER_ID, shop, _ago(25 * MINUTE)).begin()
    uploader.turn(
        Turn(
            "Add a retry to the uploader.",
            [
                Tool("read", {"path": "src/uploader.py"}, "def upload(file):\n    return post(file)\n"),
                Tool("write", {"path": "src/retry.py", "content": "def retry(): ...\n"}, "Wrote 17 bytes"),
                "The uploader now tries three times, with a growing pause.",
            ],
        )
    )
    uploader.turn(Turn("Log every attempt.", ["Each attempt is logged with its number."]))
    uploader.entry("session_info", name=UPLOADER)
    path = uploader.save(sessions)
    torn = PiWriter(TORN_ID, shop, _ago(2 * HOUR)).begin()
    torn.turn(Turn("Write a test for the retry.", ["`tests/test_retry.py` has four cases."]))
    torn.save(sessions, spoilt=b'{"type":"message","id":\n')
    plain = (
        (checkout, 7 * HOUR, "Which fields does an address need in other countries?"),
        (shop, 3 * DAY, "Read the price list as CSV too"),
        (servers, 4 * DAY, "Rotate the logs of the web server weekly"),
        (servers, 9 * DAY, "Why did the certificate not renew?"),
        (shop, 12 * DAY, "Set up the linter and fix what it finds"),
    )
    for number, (folder, age, text) in enumerate(plain):
        writer = PiWriter(f"019b8d60-4b21-7f50-a3c4-9e8d7c6b5a{number:02d}", folder, _ago(age)).begin()
        writer.turn(Turn(text, ["That is done."])).save(sessions)
    return path


def _ago(minutes: int) -> int:
    """Give the time so many minutes before now as the writers count it."""
    return int((time.time() - START) / 60) - minutes


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _git(folder: Path, *arguments: str) -> None:
    person = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in IDENTITY}
    bare = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"], "LANG": "C"}
    subprocess.run(["git", *arguments], cwd=folder, env=bare | person, check=True, stdin=subprocess.DEVNULL)


IDENTITY: Sequence[tuple[str, str]] = (("NAME", "Ana"), ("EMAIL", "ana@example.org"))
