"""Registers the kernel, which owns the outbox."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The shared kernel."""

    name = "mediagateway"
    label = "kernel"

    def ready(self) -> None:
        """Register the system checks, and the metrics of every app: a counter that nobody has counted yet reads 0."""
        from mediagateway import checks  # noqa: F401 -- registers by being imported

        autodiscover_modules("metrics")
