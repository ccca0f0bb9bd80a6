"""Views: parse, call, present."""
