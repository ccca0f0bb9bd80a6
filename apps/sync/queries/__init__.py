"""Reads; each docstring says how many SQL statements."""
