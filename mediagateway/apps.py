"""Registers the kernel, which owns the outbox."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The shared kernel."""

    name = "mediagateway"
    label = "kernel"
