"""Changes of sessions as operations ask for them: found, planned by the agent's writer, carried out, noted.

A change runs whole in one worker thread: it takes the leases of what it is about, reads, plans, commits and tells.
`tools.py` has what all of them need; `new_sessions.py`, `forks.py`, `edits.py` and `trash_room.py` have one kind each.
"""
