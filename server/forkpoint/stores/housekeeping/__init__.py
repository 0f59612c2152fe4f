"""Keeping house: old sessions archived, the trash emptied in time, what belongs to nothing any more removed.

Each kind of work is a `Chore`: it says what it would deal with, which writes nothing, and deals with one thing at a
time. `housekeeper.py` goes through one for whoever asks, `rounds.py` through some of them by itself now and then.
"""
