"""
Playback sessions, what was watched, and which offer to open.

Not here: how far somebody is with a title, on every device (sync's log), deep-link templates (content), devices (sync).
"""
