"""Pure rules of the catalogue: no Django, clock and randomness passed in."""
