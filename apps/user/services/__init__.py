"""Writes of households; each owns its transaction."""
