"""Registers the user app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class UserConfig(AppConfig):
    """The user app."""

    name = "apps.user"
    label = "user"

    def ready(self) -> None:
        """Listen to what the app has asked for itself."""
        import_module("apps.user.receivers")
