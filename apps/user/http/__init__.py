"""The HTTP face of households."""
