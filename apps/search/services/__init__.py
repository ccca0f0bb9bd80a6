"""Writes of search: its documents, and the vectors of titles."""
