"""How good the answers are, where speed is not the question."""
