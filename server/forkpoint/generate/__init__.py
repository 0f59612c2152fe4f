"""What is written from the catalogue: documentation, schema and client calls."""
