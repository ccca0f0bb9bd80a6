"""Registers the ingestion app under its permanent label."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    """The ingestion app."""

    name = "apps.ingestion"
    label = "ingestion"
