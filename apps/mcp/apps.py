"""Registers the mcp app under its permanent label."""

from django.apps import AppConfig


class MCPConfig(AppConfig):
    """The mcp app."""

    name = "apps.mcp"
    label = "mcp"
