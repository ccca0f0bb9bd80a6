"""Learning what somebody likes, in plain Python and NumPy: no database, no clock of its own."""
