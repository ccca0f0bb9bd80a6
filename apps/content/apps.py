"""Registers the content app under its permanent label."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    """The content app."""

    name = "apps.content"
    label = "content"

    def ready(self) -> None:
        """Keep the reference tables in step with `domain/` whenever the schema was brought up to date."""
        from apps.content.services.reference import load_reference_rows

        post_migrate.connect(load_reference_rows, sender=self, dispatch_uid="content.reference_rows")
