"""Devices for the tests of every app."""

from django.utils import timezone

from apps.sync.models import Device


def make_device(account, **fields):
    """Give the owner of a household a television that is there and lets itself be steered."""
    fields = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True}} | fields
    return Device.objects.create(
        profile=account.profiles.get(is_owner=True), **{"last_seen_at": timezone.now()} | fields
    ).id
