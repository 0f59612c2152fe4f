"""What changes on disk while a client looks on: one numbered stream of changes, and live entries."""
