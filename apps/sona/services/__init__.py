"""Writes, and what is made of the whole catalogue."""
