"""Each kind of change, for every moment it may be killed at."""

from collections.abc import Callable

import attrs

from forkpoint.agents.writing import Append, Copied, NewFile, NewFolder, Plan, Replace, Retire
from forkpoint.stores.changing.runner import ChangeRunner
from forkpoint.stores.changing.staging import clean_staging
from forkpoint.stores.state.database import StateDatabase
from forkpoint.stores.state.staging_book import StoredStagingBook
from forkpoint.stores.workers import CancelFlag
from tests.stores.changing.faults import FaultCase, Judgement, World
from tests.stores.changing.setting import LABEL, Setting, files_in, stamp

LOG = b'{"type":"session"}\n' + b'{"type":"message","id":"a"}\n' * 100_000
Files = dict[str, bytes]
OLD: Files = {"log.jsonl": LOG, "log.uploads/a b.txt": b"a", "index.json": b"{}", "torn.jsonl": b'{"a":1}\n{"b'}
SESSION = ("log.jsonl", "log.uploads/a b.txt")


def _setting(world: World) -> Setting:
    return Setting.of(world.path)


def _crossing(world: World) -> Setting:
    return Setting.of(world.path, world.elsewhere / "trash")


def _case(
    act: Callable[[Setting], object],
    new: Files,
    *,
    old: Files = OLD,
    setting: Callable[[World], Setting] = _setting,
    prepare: Callable[[Setting], object] = lambda _: None,
    harmless: Files | None = None,
) -> FaultCase:
    """A change from the files in `old` to those in `new`; `harmless` is what the old world may have become before."""

    def make(world: World) -> None:
        made = setting(world)
        for name, content in OLD.items():
            made.write(name, content)
        prepare(made)
        made.require_tidy()

    def judge(world: World) -> Judgement:
        made = setting(world)
        made.require_tidy()
        now = made.files()
        assert now in (old, new, harmless), (sorted(now), {name: len(data) for name, data in now.items()})
        kept = [path for path in made.trash_path.glob("*") if path.is_dir()]
        if "log.jsonl" in now:
            assert kept == []
        else:
            (folder,) = kept
            things = files_in(folder / "items")
            assert things == {"0": LOG, "1/a b.txt": b"a"}, sorted(things)
            assert [manifest.label for manifest in made.trash.listed()] == [LABEL]
        return "new" if now == new else "old"

    return FaultCase(
        prepare=make,
        act=lambda world: act(setting(world)),
        start=lambda world: setting(world).start(),
        judge=judge,
    )


def _content(setting: Setting) -> list[bytes | Copied]:
    return [b'{"fork":1}\n', Copied(setting.file("log.jsonl"), 19, len(LOG), stamp(setting.file("log.jsonl")))]


def _index(setting: Setting, content: bytes) -> Replace:
    return Replace(path=setting.file("index.json"), content=content, was=stamp(setting.file("index.json")))


COPY = b'{"fork":1}\n' + LOG[19:]

NEW_FILE = _case(
    lambda setting: setting.run(
        NewFile(path=setting.file("deep/er/fork.jsonl"), content=_content(setting)),
        before=[_index(setting, b'{"fork":true}')],
    ),
    {**OLD, "index.json": b'{"fork":true}', "deep/er/fork.jsonl": COPY},
    harmless={**OLD, "index.json": b'{"fork":true}'},
)
NEW_FOLDER = _case(
    lambda setting: setting.run(
        NewFolder(
            path=setting.file("fork"),
            files=[
                NewFile(path="wire.jsonl", content=_content(setting)),
                NewFile(path="uploads/b.txt", content=[b"b"]),
            ],
        )
    ),
    {**OLD, "fork/wire.jsonl": COPY, "fork/uploads/b.txt": b"b"},
)
FORERUNNER = _case(
    lambda setting: setting.run(
        NewFile(path=setting.file("fork.jsonl"), content=_content(setting)),
        before=[
            NewFolder(
                path=setting.file("deep/fork.blobs"),
                files=[NewFile(path="one", content=[b"1"]), NewFile(path="below/two", content=[b"2"])],
            )
        ],
    ),
    {**OLD, "deep/fork.blobs/one": b"1", "deep/fork.blobs/below/two": b"2", "fork.jsonl": COPY},
)
REPLACE = _case(lambda setting: setting.run(_index(setting, b"[1]")), {**OLD, "index.json": b"[1]"})
APPEND = _case(
    lambda setting: setting.run(
        Append(path=setting.file("torn.jsonl"), lines=b"{}\n", was=stamp(setting.file("torn.jsonl")))
    ),
    {**OLD, "torn.jsonl": OLD["torn.jsonl"] + b"\n{}\n"},
)


def _replace_with_the_stored_book(setting: Setting) -> None:
    book = StoredStagingBook(StateDatabase(str(setting.state)))
    runner = ChangeRunner(book, setting.leases, setting.trash)
    plan = Plan(step=_index(setting, b"[1]"), native_id="one", path=setting.file("index.json"))
    runner.run(plan, home=str(setting.home), flag=CancelFlag())


def _make_stored_book(setting: Setting) -> None:
    database = StateDatabase(str(setting.state))
    book = StoredStagingBook(database)
    book.done(book.note(str(setting.state / ".forkpoint-first")))
    database.close()


def _start_with_the_stored_book(world: World) -> None:
    book = StoredStagingBook(StateDatabase(str(_setting(world).state)))
    assert clean_staging(book) == []
    assert book.notes() == []


STORED_BOOK = attrs.evolve(
    _case(_replace_with_the_stored_book, {**OLD, "index.json": b"[1]"}, prepare=_make_stored_book),
    start=_start_with_the_stored_book,
)


def _retire(setting: Setting) -> None:
    setting.run(Retire(paths=[setting.file("log.jsonl"), setting.file("log.uploads"), setting.file("log.none")]))


def _restore(setting: Setting) -> None:
    setting.trash.restore(LABEL.trash_id, CancelFlag())


WITHOUT: Files = {name: content for name, content in OLD.items() if name not in SESSION}
RETIRE = _case(_retire, WITHOUT)
RETIRE_ACROSS = _case(_retire, WITHOUT, setting=_crossing)
RESTORE = _case(_restore, OLD, old=WITHOUT, prepare=_retire)
RESTORE_ACROSS = _case(_restore, OLD, old=WITHOUT, prepare=_retire, setting=_crossing)


def _in_place(setting: Setting) -> None:
    with open(setting.file("index.json"), "wb", buffering=0) as file:
        file.write(b"[")
        file.write(b"1]")


IN_PLACE = _case(_in_place, {**OLD, "index.json": b"[1]"})
"""How a change must not be made: it shows that such a one is seen."""
