"""Registers the discover app under its permanent label."""

from django.apps import AppConfig


class DiscoverConfig(AppConfig):
    """The discover app."""

    name = "apps.discover"
    label = "discover"
