"""Reads of the catalogue; each says what it costs in SQL statements."""
