"""New files where the system has none without a name, for every moment their making may be killed at."""

import attrs

from forkpoint.stores.changing import staged_file
from tests.stores.changing.cases import NEW_FILE
from tests.stores.changing.faults import World


def _act(world: World) -> object:
    staged_file.NAMELESS = 0  # in a process of its own, which ends with this
    return NEW_FILE.act(world)


NAMED_FILE = attrs.evolve(NEW_FILE, act=_act)
