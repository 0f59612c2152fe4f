"""The version of this package."""

VERSION = "0.1.0"
"""Equal to the version in pyproject.toml; a test compares them."""
