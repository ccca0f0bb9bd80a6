"""Registers the auth app under its permanent label."""

from importlib import import_module

from django.apps import AppConfig


class AuthConfig(AppConfig):
    """The auth app."""

    name = "apps.auth"
    label = "authn"

    def ready(self) -> None:
        """Listen to what is to be mailed."""
        import_module("apps.auth.receivers")
