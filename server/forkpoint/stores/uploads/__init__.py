"""Files handed to sessions: where they lie, how they come in, how they are listed and read."""
