"""Registers the playback app under its permanent label."""

from django.apps import AppConfig


class PlaybackConfig(AppConfig):
    """The playback app."""

    name = "apps.playback"
    label = "playback"
