"""Registers the playback app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class PlaybackConfig(AppConfig):
    """The playback app."""

    name = "apps.playback"
    label = "playback"

    def ready(self) -> None:
        """Listen to what devices say."""
        import_module("apps.playback.receivers")
