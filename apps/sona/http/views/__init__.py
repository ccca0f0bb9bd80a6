"""Views of SONA."""
