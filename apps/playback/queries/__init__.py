"""Reads of playback."""
