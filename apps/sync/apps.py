"""Registers the sync app under its permanent label."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The sync app."""

    name = "apps.sync"
    label = "sync"
