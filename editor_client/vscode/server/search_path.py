"""Where the bundled server looks for modules. Any Python from 3.6 on can read this file."""

import os
import sys


def use_bundle(folder: str) -> None:
    """Look in `folder/packages` first, then where the interpreter looks by itself, and nowhere else.

    The interpreter's own packages come after ours: msgspec and watchfiles are taken from there, but no other version
    of what we carry. What PYTHONPATH names is left out, since it would stand before the standard library; so are the
    script's folder and the current one, which holds whatever somebody put into the workspace.
    """
    left_out = {folder}
    if not sys.flags.ignore_environment and os.environ.get("PYTHONPATH"):
        left_out.update(map(os.path.abspath, os.environ["PYTHONPATH"].split(os.pathsep)))
    standard_library = os.path.dirname(os.__file__)  # which stays, should somebody have named it
    left_out -= {standard_library, os.path.join(standard_library, "lib-dynload")}
    kept = [entry for entry in sys.path if os.path.isabs(entry) and entry not in left_out]
    sys.path[:] = [os.path.join(folder, "packages"), *kept]
