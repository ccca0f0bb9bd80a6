"""
The canonical catalogue: titles, people, offers, platforms, genres and deep-link templates.

Not here: where records come from (ingestion), ranking (search), a person's state (sync, playback).
"""
