"""A person's devices, and what was asked of them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.sync.contracts import CommandRecord, DeviceRecord
from apps.sync.domain.devices import Activity, CommandStatus, CommandType, DeviceKind, DevicePlatform, is_online
from apps.sync.errors import CommandNotFoundError, DeviceNotFoundError
from apps.sync.models import Command, Device
from mediagateway.ownership import Holder, owned
from mediagateway.prepared import prepared


def list_devices(holder: Holder, now: datetime) -> tuple[DeviceRecord, ...]:
    """List a person's devices, the first registered first. One SQL statement."""
    return tuple(device_record(row, now) for row in _devices(holder))


@prepared
def _devices(holder: Holder) -> QuerySet[Device]:
    return owned(Device, holder)


def get_device(holder: Holder, device_id: UUID, now: datetime) -> DeviceRecord:
    """
    Read a device. One SQL statement.

    Raises:
        DeviceNotFoundError: This person has none with this id.
    """
    return device_record(find_row(holder, device_id), now)


def find_row(holder: Holder, device_id: UUID) -> Device:
    """
    Read the row of a device. One SQL statement.

    Raises:
        DeviceNotFoundError: This person has none with this id.
    """
    rows = _device(holder, device_id)
    if not rows:
        raise DeviceNotFoundError("There is no device with this id.")
    return rows[0]


@prepared
def _device(holder: Holder, device_id: UUID) -> QuerySet[Device]:
    return owned(Device, holder).filter(pk=device_id)


def list_commands(holder: Holder, device_id: UUID, now: datetime) -> tuple[CommandRecord, ...]:
    """
    List what a device was asked and must still obey, the oldest first. Two SQL statements.

    Raises:
        DeviceNotFoundError: This person has none with this id.
    """
    find_row(holder, device_id)
    waiting = owned(Command, holder).filter(target_id=device_id, status=CommandStatus.SENT, expires_at__gt=now)
    return tuple(map(command_record, waiting))


def list_recent_commands(holder: Holder, *, since: datetime) -> tuple[CommandRecord, ...]:
    """List what a person's devices were asked since a time, the oldest first. One SQL statement."""
    return tuple(map(command_record, _commands(holder, since)))


@prepared
def _commands(holder: Holder, since: datetime) -> QuerySet[Command]:
    return owned(Command, holder).filter(sent_at__gte=since)


def get_command(holder: Holder, device_id: UUID, command_id: UUID) -> CommandRecord:
    """
    Read a command, to see how far it has come. One SQL statement.

    Raises:
        CommandNotFoundError: No such command was sent to this device of this person.
    """
    row = owned(Command, holder).filter(pk=command_id, target_id=device_id).first()
    if row is None:
        raise CommandNotFoundError("There is no such command.")
    return command_record(row)


def device_record(row: Device, now: datetime) -> DeviceRecord:
    """Write a row as clients see it."""
    return DeviceRecord(
        id=row.id,
        kind=DeviceKind(row.kind),
        platform=DevicePlatform(row.platform),
        name=row.name,
        app_version=row.app_version,
        capabilities=row.capabilities,
        is_online=is_online(row.last_seen_at, now),
        activity=Activity(row.activity),
        content_id=row.content_id,
        registered_at=row.registered_at,
        last_seen_at=row.last_seen_at,
    )


def command_record(row: Command) -> CommandRecord:
    """Write a row as clients see it."""
    return CommandRecord(
        id=row.id,
        target_device_id=row.target_id,
        source_device_id=row.source_id,
        type=CommandType(row.type),
        arguments=row.arguments,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        status=CommandStatus(row.status),
        error=row.error,
        acknowledged_at=row.acknowledged_at,
    )
