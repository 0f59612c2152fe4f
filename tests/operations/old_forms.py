"""Sessions of forms that no program writes any more, which nothing can be added to."""

import os
from pathlib import Path

from tests.agents.pi_files import Record, header, line, write
from tests.operations.changing import Machine
from tests.sample_sessions import START, kimi_folder

FLAT = "9b1d6c3e-5a4f-4e2d-8c7b-0a1b2c3d4e5f"
V1 = "019b0000-0000-7000-8000-000000000001"


def add_old(machine: Machine, form: str) -> str:
    """Put a session of a form beside the others: flatKimi, piV1, piLater, piHeadless; gives its id."""
    path = _MAKERS[form](machine)
    os.utime(path, (START, START))
    return {"flatKimi": f"kimi:{FLAT}", "piHeadless": "pi:headless"}.get(form, f"pi:{V1}")


def path_of_flat(machine: Machine) -> Path:
    """Give the file of the flat session of Kimi."""
    return kimi_folder(machine.sample.home / ".kimi", machine.sample.work_dir) / f"{FLAT}.jsonl"


def _flat_kimi(machine: Machine) -> Path:
    path = path_of_flat(machine)
    said = '{"role":"user","content":"Sweep the shop."}\n{"role":"assistant","content":"Swept."}\n'
    path.write_text('{"role": "_system_prompt", "content": "x"}\n' + said)
    return path


def _message(role: str, text: str) -> Record:
    said = {"role": role, "content": text, "timestamp": START * 1000}
    return {"type": "message", "timestamp": "2026-01-05T10:00:01.000Z", "message": said}


def _pi_v1(machine: Machine) -> Path:
    opening = header(version=None, id=V1, cwd=str(machine.sample.work_dir), provider="p", modelId="m")
    return write(_pi_path(machine, "v1"), opening, _message("user", "Sweep the shop."), _message("assistant", "Swept."))


def _pi_later(machine: Machine) -> Path:
    opening = header(version=5, id=V1, cwd=str(machine.sample.work_dir))
    return write(_pi_path(machine, "later"), opening, {**_message("user", "Sweep the shop."), "id": "u"})


def _pi_headless(machine: Machine) -> Path:
    return write(_pi_path(machine, "headless"), {**_message("user", "Sweep the shop."), "id": "u", "parentId": None})


def _pi_path(machine: Machine, name: str) -> Path:
    return machine.sample.home / ".pi/agent/sessions" / "--old--" / f"{name}.jsonl"


def bring_to_v3(machine: Machine) -> None:
    """Write the file of version 1 anew in version 3, as pi does when it opens it."""
    path = _pi_path(machine, "v1")
    opening = header(id=V1, cwd=str(machine.sample.work_dir))
    said = {**_message("user", "Sweep the shop."), "id": "u", "parentId": None}
    path.write_bytes(line(opening) + line(said))


_MAKERS = {"flatKimi": _flat_kimi, "piV1": _pi_v1, "piLater": _pi_later, "piHeadless": _pi_headless}
FORMS = tuple(_MAKERS)
