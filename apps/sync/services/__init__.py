"""Writes; each owns its transaction."""
