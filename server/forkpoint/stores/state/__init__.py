"""Our own state: what no agent's file has a field for, in one SQLite database."""
