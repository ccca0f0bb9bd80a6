"""Writes of the catalogue: each service owns its transaction and publishes what it changed."""
