"""Registers the sona app under its permanent label."""

from django.apps import AppConfig


class SonaConfig(AppConfig):
    """The sona app."""

    name = "apps.sona"
    label = "sona"
