"""Registers the search app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search app."""

    name = "apps.search"
    label = "search"

    def ready(self) -> None:
        """Listen to the catalogue."""
        import_module("apps.search.receivers")
