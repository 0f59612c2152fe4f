"""`python -m tests.lsp.odd_server`: the real server with the odd catalogue."""

from forkpoint.__main__ import serve
from tests.lsp.odd_operations import ODD_CATALOGUE

if __name__ == "__main__":
    serve(ODD_CATALOGUE)
