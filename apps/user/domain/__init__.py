"""Rules of households and their people: plain Python."""
