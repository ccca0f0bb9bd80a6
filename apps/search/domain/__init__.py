"""Pure search: analysis of text, columns that filter and count, ranking. No Django."""
