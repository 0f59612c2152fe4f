"""Everything that waits on disk or on a process."""
