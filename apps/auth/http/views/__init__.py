"""Views of auth, by what they are about."""
