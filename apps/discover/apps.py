"""Registers the discover app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class DiscoverConfig(AppConfig):
    """The discover app."""

    name = "apps.discover"
    label = "discover"

    def ready(self) -> None:
        """Listen to what is watched."""
        import_module("apps.discover.receivers")
