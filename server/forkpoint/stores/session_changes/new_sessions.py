"""Making new sessions."""

import os

import attrs

from forkpoint.agents.adapter import Adapter, Home
from forkpoint.agents.writing import Creation
from forkpoint.model.failures import FileNotFound, NotSupported, ProfileNotFound
from forkpoint.model.notes import NoteField
from forkpoint.model.problem import Problem
from forkpoint.model.session import SessionRow
from forkpoint.stores.changing.durable import make_home, telling
from forkpoint.stores.session_changes.labels import lease_of, require_free
from forkpoint.stores.session_changes.subjects import require_writer
from forkpoint.stores.session_changes.tools import ChangeTools, noted
from forkpoint.stores.session_walk import session_id_of
from forkpoint.stores.state.lineage import Descent
from forkpoint.stores.workers import CancelFlag


@attrs.frozen(kw_only=True)
class Wish:
    """A new session, as it is asked for."""

    adapter: Adapter
    work_dir: str
    """Absolute."""
    make_dir: bool = False
    profile: str | None = None
    title: str | None = None
    label: str | None = None
    model: str | None = None
    parent_session_id: str | None = None


@attrs.frozen(kw_only=True)
class Made:
    """A session that is there now."""

    row: SessionRow
    problems: list[Problem]


def create(tools: ChangeTools, wish: Wish, flag: CancelFlag) -> Made:
    """Make a session. Raises a Failure, and then there is none."""
    writer = require_writer(wish.adapter.writer, wish.adapter.info.title, "create")
    home = _home_of(tools, wish)
    parent = None
    if wish.parent_session_id is not None:
        parent, _ = tools.store.finder.locate(wish.parent_session_id, flag)
    own_model, own_title = ("model" in writer.fields, "title" in writer.fields)
    wanted = Creation(
        work_dir=wish.work_dir,
        title=wish.title if own_title else None,
        model=wish.model if own_model else None,
        parent_path=None if parent is None else parent.candidate.path,
    )
    occasion = tools.occasion()
    with tools.leases.sessions(lease_of(wish.label), flag):
        require_free(tools.state, wish.label, None)
        _require_folder(wish)
        make_home(home.path)
        tools.store.finder.remember_folder(wish.work_dir)
        descent = None if parent is None else Descent(child="", parent=parent.session_id, at=occasion.now)
        with tools.descending(wish.adapter, descent) as note:
            done = tools.carry_out(home, lambda disk: writer.create(home, wanted, occasion, disk), flag, expect=note)
        plan = done.planned
        ours: dict[NoteField, str | None] = {
            "label": wish.label,
            "model": None if own_model else wish.model,
            "title": None if own_title else wish.title,
        }
        session_id = session_id_of(wish.adapter, plan.native_id)
        problems = [*done.problems]
        if any(ours.values()):
            problems += noted(lambda: tools.state.notes.change(session_id, ours), "label and model", plan.path)
    return Made(row=tools.new_row(plan.path), problems=problems)


def _home_of(tools: ChangeTools, wish: Wish) -> Home:
    """Choose where it goes: the profile asked for, else the first home that is there. Raises a Failure."""
    homes = tools.store.finder.possible_homes(wish.adapter)
    if wish.profile is not None:
        homes = [home for home in homes if home.profile == wish.profile]
        if not homes:
            raise ProfileNotFound(profile=wish.profile)
    usable = [
        home for home in homes if os.path.isdir(home.path) or tools.store.finder.is_ours_to_make(wish.adapter, home)
    ]
    if not usable:
        reason = f"{wish.adapter.info.title} has no folder on this machine; start it once"
        raise NotSupported(capability="create", reason=reason)
    return usable[0]


def _require_folder(wish: Wish) -> None:
    """Make the work dir if that was asked for. Raises FileNotFound, or what refuses it."""
    if wish.make_dir:
        with telling(wish.work_dir):
            os.makedirs(wish.work_dir, exist_ok=True)
    if not os.path.isdir(wish.work_dir):
        raise FileNotFound(path=wish.work_dir)
