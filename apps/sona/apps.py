"""Registers the sona app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class SonaConfig(AppConfig):
    """The sona app."""

    name = "apps.sona"
    label = "sona"

    def ready(self) -> None:
        """Listen to the catalogue and to what people do."""
        import_module("apps.sona.receivers")
