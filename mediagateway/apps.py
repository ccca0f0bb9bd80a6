"""Registers the kernel, which owns the outbox."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The shared kernel."""

    name = "mediagateway"
    label = "kernel"

    def ready(self) -> None:
        """Register the system checks."""
        from mediagateway import checks  # noqa: F401 -- registers by being imported
