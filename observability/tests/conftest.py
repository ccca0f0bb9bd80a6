"""Servers of ours, as deploy's tests start them."""

from deploy.tests.conftest import migrated, serve

__all__ = ["migrated", "serve"]
