"""Devices for the tests of every app."""

from django.utils import timezone

from apps.sync.models import Command, Device


def make_device(account, **fields):
    """Give the owner of a household a television that is there and lets itself be steered."""
    fields = {"kind": "tv", "platform": "tizen", "capabilities": {"remote_controllable": True}} | fields
    return Device.objects.create(
        profile=account.profiles.get(is_owner=True), **{"last_seen_at": timezone.now()} | fields
    ).id


def list_sent(device_id):
    """Tell what a device was asked, in order: type and arguments; expired commands too, which wait for seconds only."""
    return list(Command.objects.filter(target_id=device_id).order_by("sent_at").values_list("type", "arguments"))


def change_row(device_id, **fields):
    """Change what is known of a device, past every rule."""
    Device.objects.filter(pk=device_id).update(**fields)
