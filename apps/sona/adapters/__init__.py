"""Files that SONA reads and writes."""
