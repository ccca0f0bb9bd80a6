"""Adapters of `VectorIndex`, one module each."""
