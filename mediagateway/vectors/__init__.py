"""
Texts as vectors, and where vectors lie: two ports with their adapters, shared by every app that compares titles.

`ports` is what callers speak; `configured` gives the embedder and the index that the environment names. Nothing here
loads a model or opens a file before it is asked to.
"""
