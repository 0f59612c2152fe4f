"""A typed asyncio client of the Forkpoint server. Standard library alone.

`ForkpointClient.start` gives a running server; `calls.py` is generated from the server's catalogue.
"""

from forkpoint_client.client import ForkpointClient
from forkpoint_client.connection import CallOptions, Connection
from forkpoint_client.errors import ConnectionLost, ForkpointError

__all__ = ["CallOptions", "Connection", "ConnectionLost", "ForkpointClient", "ForkpointError"]
