"""Changes to agents' files, carried out so that a process killed at any moment leaves the old world or the new one.

`runner.py` carries out a plan; `steps.py` has the kinds of steps it is made of; `trash.py` takes sessions away and
brings them back.

Locks are taken in this order and let go in the opposite one, so that nobody can wait in a circle:

1. the leases of sessions (`locks.py`), all at once in the order of their file names, held by the caller from before it
   reads until the change is made;
2. the lock of the agent itself (`agent_locks.py`), one per change;
3. the lease of one folder of the trash;
4. the lease of one file, held for one commit.
"""
