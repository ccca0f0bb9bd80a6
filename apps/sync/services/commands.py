"""Asking one device of a person to do something, from another."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.sync.contracts import CommandDraft, CommandRecord, DeviceRecord
from apps.sync.domain.devices import MAX_COMMAND_TTL_S, CommandStatus, CommandType, may_follow, wrong_arguments
from apps.sync.errors import (
    CommandExpiredError,
    CommandNotFoundError,
    CommandNotSupportedError,
    DeviceOfflineError,
    InvalidCommandError,
)
from apps.sync.models import Command, Head
from apps.sync.queries.devices import command_record, find_row, get_device
from apps.sync.queries.lists import get_title_id
from apps.sync.services.signals import announce
from mediagateway.errors import FieldError
from mediagateway.ownership import Viewer, owned

#: How long a command can be asked about.
KEPT_FOR = timedelta(seconds=30)


def send_command(viewer: Viewer, device_id: UUID, draft: CommandDraft, now: datetime) -> CommandRecord:
    """
    Ask a device of the same person to do something, now or not at all.

    Raises:
        DeviceNotFoundError: Target, source or the device to cast to is none of this person's.
        DeviceOfflineError: It has not been heard of for a minute.
        CommandNotSupportedError: The device does not let itself be steered, or does not cast.
        InvalidCommandError: The arguments are not those of this command.
        TitleNotFoundError: A title that there is not, or that this viewer may not see.
    """
    target = get_device(viewer, device_id, now)
    if draft.source_device_id is not None:
        find_row(viewer, draft.source_device_id)
    _check_device(target, draft.type)
    arguments = _checked_arguments(viewer, draft, now)
    with transaction.atomic():
        row = Command.objects.create(
            profile_id=viewer.profile_id,
            target_id=target.id,
            source_id=draft.source_device_id,
            type=draft.type,
            arguments=arguments,
            sent_at=now,
            expires_at=now + timedelta(seconds=min(max(draft.ttl_s, 1), MAX_COMMAND_TTL_S)),
        )
        signal(viewer)
    return command_record(row)


def acknowledge_command(
    viewer: Viewer, device_id: UUID, command_id: UUID, *, status: CommandStatus, error: str, now: datetime
) -> CommandRecord:
    """
    Note how far a device has come with what it was asked; the same word twice is no error.

    Raises:
        CommandNotFoundError: No such command was sent to this device of this person.
        CommandExpiredError: It was to be obeyed earlier, or has come to its end already.
    """
    with transaction.atomic():
        row = owned(Command, viewer).select_for_update().filter(pk=command_id, target_id=device_id).first()
        if row is None:
            raise CommandNotFoundError("There is no such command.")
        if row.status == status:
            return command_record(row)
        is_late = row.status == CommandStatus.SENT and now >= row.expires_at
        if is_late or not may_follow(CommandStatus(row.status), status):
            raise CommandExpiredError("The command has expired, or was answered before.")
        row.status, row.error, row.acknowledged_at = status, error, now
        row.save(update_fields=["status", "error", "acknowledged_at"])
        signal(viewer)
    return command_record(row)


def delete_old_commands(*, now: datetime) -> int:
    """Delete what nobody can ask about any more, and say how many commands that were. One SQL statement."""
    return Command.objects.filter(sent_at__lt=now - KEPT_FOR, expires_at__lt=now - KEPT_FOR).delete()[0]


def signal(viewer: Viewer) -> None:
    """Have a person's devices look again, within the caller's transaction. One SQL statement, two the first time."""
    if not owned(Head, viewer).update(signal=F("signal") + 1):
        Head.objects.get_or_create(profile_id=viewer.profile_id, defaults={"signal": 1})
    announce(viewer.profile_id)


def _check_device(target: DeviceRecord, command: CommandType) -> None:
    """Check that a device can be asked this now."""
    if not target.is_online:
        raise DeviceOfflineError("The device has not been heard of for a minute.")
    if not target.capabilities.get("remote_controllable", False):
        raise CommandNotSupportedError("The device does not let itself be steered.")
    if command is CommandType.CAST_TO and not target.capabilities.get("can_cast", False):
        raise CommandNotSupportedError("The device does not cast.")


def _checked_arguments(viewer: Viewer, draft: CommandDraft, now: datetime) -> Mapping[str, Any]:
    """Check the arguments of a command against the person's titles and devices."""
    if wrong := wrong_arguments(draft.type, draft.arguments):
        errors = [
            FieldError(f"/arguments/{name}", "arguments", "Missing, unfit, or not of this command.") for name in wrong
        ]
        raise InvalidCommandError("The arguments are not those of this command.", errors)
    arguments = dict(draft.arguments)
    if "content_id" in arguments:
        arguments["content_id"] = str(get_title_id(viewer, UUID(str(arguments["content_id"]))))
    if "target_device_id" in arguments:
        receiver = get_device(viewer, UUID(str(arguments["target_device_id"])), now)
        if not receiver.is_online:
            raise DeviceOfflineError("The device to cast to has not been heard of for a minute.")
        arguments["target_device_id"] = str(receiver.id)
    return arguments
