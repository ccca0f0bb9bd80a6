"""Rules of discovery: plain Python."""
