"""Registering devices, hearing of them, and handing what is watched from one to another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.sync.contracts import Activity, CommandDraft, CommandRecord, CommandType, DeviceRecord
from apps.sync.domain.devices import FORGOTTEN_AFTER, MAX_DEVICES, is_online
from apps.sync.errors import DeviceNotFoundError, TooManyDevicesError
from apps.sync.models import Device
from apps.sync.queries.devices import device_record, find_row
from apps.sync.queries.lists import get_progress, get_title_id
from apps.sync.services.commands import send_command, signal
from apps.sync.services.log import lock_head
from mediagateway.ownership import Viewer, owned


def register_device(viewer: Viewer, fields: Mapping[str, Any], now: datetime) -> DeviceRecord:
    """
    Register a device, which is online with that; when there are too many, those silent for 30 days make room.

    Raises:
        TooManyDevicesError: All of them have been heard of within 30 days.
    """
    with transaction.atomic():
        lock_head(viewer)
        devices = owned(Device, viewer)
        if devices.count() >= MAX_DEVICES:
            devices.filter(last_seen_at__lt=now - FORGOTTEN_AFTER).delete()
            if devices.count() >= MAX_DEVICES:
                raise TooManyDevicesError(f"A profile has at most {MAX_DEVICES} devices; remove one first.")
        row = Device.objects.create(profile_id=viewer.profile_id, registered_at=now, last_seen_at=now, **fields)
        signal(viewer)
    return device_record(row, now)


def update_device(viewer: Viewer, device_id: UUID, fields: Mapping[str, Any], now: datetime) -> DeviceRecord:
    """
    Change what is said of a device.

    Raises:
        DeviceNotFoundError: This person has none with this id.
    """
    with transaction.atomic():
        if fields and not owned(Device, viewer).filter(pk=device_id).update(**fields):
            raise DeviceNotFoundError("There is no device with this id.")
        signal(viewer)
    return device_record(find_row(viewer, device_id), now)


def remove_device(viewer: Viewer, device_id: UUID) -> None:
    """
    Remove a device; what it wrote stays.

    Raises:
        DeviceNotFoundError: This person has none with this id.
    """
    with transaction.atomic():
        deleted, _ = owned(Device, viewer).filter(pk=device_id).delete()
        if not deleted:
            raise DeviceNotFoundError("There is no device with this id.")
        signal(viewer)


def record_heartbeat(
    viewer: Viewer, device_id: UUID, *, activity: Activity | None, content_id: UUID | None, now: datetime
) -> DeviceRecord:
    """
    Note that a device is there, and what it is doing; None leaves that as it was.

    Other devices hear of it when something has changed. Two SQL statements then, and those of the title.

    Raises:
        DeviceNotFoundError: This person has none with this id.
        TitleNotFoundError: There is no such title, or none that this viewer may see.
    """
    title_id = get_title_id(viewer, content_id) if content_id else None
    with transaction.atomic():
        row = find_row(viewer, device_id)
        before = (is_online(row.last_seen_at, now), row.activity, row.content_id)
        row.last_seen_at = max(row.last_seen_at, now)
        if activity is not None:
            row.activity, row.content_id = activity, title_id
        row.save(update_fields=["last_seen_at", "activity", "content_id"])
        if before != (True, row.activity, row.content_id):
            signal(viewer)
    return device_record(row, now)


def hand_off(
    viewer: Viewer, target_device_id: UUID, content_id: UUID, *, source_device_id: UUID | None, now: datetime
) -> CommandRecord:
    """
    Ask another device to go on with a title where it stands; one that was not begun begins there.

    Raises:
        TitleNotFoundError, DeviceNotFoundError, DeviceOfflineError, CommandNotSupportedError: As `send_command`.
    """
    title_id = get_title_id(viewer, content_id)
    stands = get_progress(viewer, [title_id]).get(title_id)
    arguments = {"content_id": str(title_id), "start_position_s": stands.position_s if stands else 0}
    return send_command(
        viewer, target_device_id, CommandDraft(CommandType.LOAD_CONTENT, arguments, source_device_id), now
    )
