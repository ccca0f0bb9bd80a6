"""Reads of households; each docstring says what it costs in SQL."""
