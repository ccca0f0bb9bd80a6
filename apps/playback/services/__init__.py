"""Writes of playback."""
