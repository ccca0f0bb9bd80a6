"""Registers the search app under its permanent label."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search app."""

    name = "apps.search"
    label = "search"
