"""Registers the content app under its permanent label."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """The content app."""

    name = "apps.content"
    label = "content"
