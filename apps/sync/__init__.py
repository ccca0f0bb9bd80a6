"""
CRDT state, watchlists and devices.

Not here: preferences' rows (user), history's rows (playback).
"""
