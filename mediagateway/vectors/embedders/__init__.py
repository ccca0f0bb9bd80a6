"""Adapters of `Embedder`, one module each."""
