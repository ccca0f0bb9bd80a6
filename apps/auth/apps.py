"""Registers the auth app under its permanent label."""

from django.apps import AppConfig


class AuthConfig(AppConfig):
    """The auth app."""

    name = "apps.auth"
    label = "authn"
