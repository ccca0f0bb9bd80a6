"""Registers the sync app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The sync app."""

    name = "apps.sync"
    label = "sync"

    def ready(self) -> None:
        """Listen to preferences that are changed elsewhere."""
        import_module("apps.sync.receivers")
