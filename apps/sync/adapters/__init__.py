"""Ways to the outside: Redis."""
