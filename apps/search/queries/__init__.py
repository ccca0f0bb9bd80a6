"""Reads of search; each says what it costs in SQL statements."""
