"""Bytes to values: no clock, no disk, and bad input is an answer, not an exception."""
