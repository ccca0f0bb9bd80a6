"""
What a person means by a query, read without a model: constraints, tastes, titles to compare with.

Deterministic and local. `parse.understand` is the door; what it finds are chips, each of which a client can take back.
"""
