"""Views of the content app: parse, call, present."""
