"""`forkpoint`: serves an editor over standard input and output, or runs a command for people.

Nothing heavy is imported here: the first answer must not wait for it.
"""

import gc
import os
import sys

HOW_TO_START = """\
forkpoint speaks the Language Server Protocol over standard input and output: an editor starts it, without arguments.
For people there are commands; `forkpoint --help` lists them.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from forkpoint.operations.catalogue import Listing


def main() -> None:
    """Do what the arguments say, and exit."""
    arguments = sys.argv[1:]
    if arguments not in ([], ["--stdio"]):
        from forkpoint.cli import run

        sys.exit(run(arguments))
    if os.isatty(0):
        sys.stderr.write(HOW_TO_START)
        sys.exit(2)
    serve()


def serve(catalogue: "Sequence[Listing] | None" = None) -> None:
    """Serve one client over stdio, and exit.

    Another catalogue than ours is served without the early reply, whose table is about ours.
    """
    gc.disable()
    from forkpoint.lsp.capability_table import TABLE
    from forkpoint.lsp.opening import open_session

    try:
        opening = open_session(TABLE if catalogue is None else None)
    except OSError:
        sys.stderr.write("forkpoint: there is no standard output to answer on\n")
        sys.exit(2)
    if not opening.frames:
        sys.exit(0)
    from forkpoint.lsp.lean_types import load_types

    load_types()
    from forkpoint.lsp.stdio import leave, serve_session
    from forkpoint.operations.catalogue import OPERATIONS

    leave(serve_session(OPERATIONS if catalogue is None else catalogue, opening))


if __name__ == "__main__":
    main()
