"""Writes of discovery."""
