"""Rules of playback: plain Python."""
