"""
Playback sessions, progress, history and the choice of an offer to open.

Not here: deep-link templates (content), devices (sync).
"""
