"""Parse, call, present."""
