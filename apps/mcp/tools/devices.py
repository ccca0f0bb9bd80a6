"""Where a title can be watched, and handing it to a device."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from apps.content import api as content
from apps.content.contracts import DeviceKind, TitleId
from apps.content.errors import TitleNotFoundError
from apps.mcp.domain.shapes import Arguments, NoArguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Tool
from apps.mcp.services.undo import make_undo_token
from apps.mcp.tools.catalogue import Region, TitleKey
from apps.playback import api as playback
from apps.playback.contracts import DeepLinkAnswer, OfferLink
from apps.sync import api as sync
from apps.sync.contracts import CommandDraft, CommandRecord, CommandType, DeviceRecord
from mediagateway.errors import FieldError, InvalidInputError

DeviceKey = Annotated[UUID, Field(description="Id of a device, from list_devices.")]


class AvailabilityArguments(Arguments):
    """Which title, where, and on which kind of device the links will be opened."""

    title_id: TitleKey
    region: Region = None
    device: DeviceKind = DeviceKind.WEB


@dataclass(frozen=True, slots=True)
class Availability:
    """How a title can be watched, what costs this household least first; empty when nobody is known to offer it."""

    title_id: UUID
    region: str
    offers: tuple[OfferLink, ...]


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices of the viewer."""

    items: tuple[DeviceRecord, ...]


class PlayArguments(Arguments):
    """What to play, and where."""

    title_id: TitleKey
    device_id: Annotated[
        UUID | None, Field(description="Id from list_devices, to start it there; else only links are returned.")
    ] = None
    device: Annotated[DeviceKind, Field(description="Where the links will be opened, without a device_id.")] = (
        DeviceKind.WEB
    )
    platform: Annotated[str | None, Field(description="Slug of the service; else the best offer.")] = None


@dataclass(frozen=True, slots=True)
class Playing:
    """How to open the title, and the command that a device was sent, if one was asked for."""

    link: DeepLinkAnswer
    command: CommandRecord | None
    undo_token: str | None


class ControlAction(StrEnum):
    """What to ask of a device that plays."""

    PAUSE = "pause"
    RESUME = "resume"
    SEEK = "seek"
    STOP = "stop"


class ControlArguments(Arguments):
    """What to ask of which device."""

    device_id: DeviceKey
    action: ControlAction
    position_s: Annotated[int | None, Field(ge=0, description="Where to go; for seek only.")] = None


@dataclass(frozen=True, slots=True)
class Controlled:
    """The command that was sent; the device has a few seconds to take it."""

    command: CommandRecord
    undo_token: str


def check_availability(call: Call, asked: AvailabilityArguments) -> Availability:
    """Say where a title can be watched."""
    policy = call.policy(asked.region)
    title = content.get_summaries([asked.title_id], policy=policy, now=call.now).get(TitleId(asked.title_id))
    if title is None:
        raise TitleNotFoundError("There is no title with this id.")
    options = content.get_watch_options([title.id], policy=policy, now=call.now).get(title.id, ())
    links = tuple(playback.link_to(option, asked.device, services=policy.services) for option in options)
    return Availability(title.id, policy.region, links)


def list_devices(call: Call, _asked: NoArguments) -> Devices:
    """List the viewer's devices."""
    return Devices(sync.list_devices(call.viewer(), call.now))


def initiate_playback(call: Call, asked: PlayArguments) -> Playing:
    """Write the links that open a title, and send a device there."""
    viewer = call.viewer()
    target = None if asked.device_id is None else sync.get_device(viewer, asked.device_id, call.now)
    kind = asked.device if target is None else playback.device_kind_of(target)
    link = playback.get_deep_link(viewer, asked.title_id, device=kind, platform=asked.platform, now=call.now)
    if target is None:
        return Playing(link, None, None)
    arguments = {"content_id": str(link.content_id), "start_position_s": link.resume_position_s}
    command = sync.send_command(viewer, target.id, CommandDraft(CommandType.LOAD_CONTENT, arguments), call.now)
    undo = make_undo_token(call, "initiate_playback", _asking(target.id, CommandType.STOP))
    return Playing(link, command, undo)


def control_playback(call: Call, asked: ControlArguments) -> Controlled:
    """Steer a device."""
    if (asked.position_s is not None) != (asked.action is ControlAction.SEEK):
        error = FieldError("/position_s", "invalid", "seek needs a position, and nothing else has one.")
        raise InvalidInputError("The position does not fit the action.", [error])
    viewer = call.viewer()
    device = sync.get_device(viewer, asked.device_id, call.now)
    undo = _opposite(call, device, asked.action)
    arguments = {} if asked.position_s is None else {"position_s": asked.position_s}
    command = sync.send_command(viewer, device.id, CommandDraft(_COMMANDS[asked.action], arguments), call.now)
    return Controlled(command, make_undo_token(call, "control_playback", undo))


def _opposite(call: Call, device: DeviceRecord, action: ControlAction) -> dict[str, Any]:
    """Say what brings a device back to what it did before."""
    if action is ControlAction.PAUSE:
        return _asking(device.id, CommandType.PLAY)
    if action is ControlAction.RESUME or device.content_id is None:
        return _asking(device.id, CommandType.PAUSE)
    progress = sync.get_progress(call.viewer(), [device.content_id]).get(device.content_id)
    position_s = progress.position_s if progress else 0
    if action is ControlAction.SEEK:
        return _asking(device.id, CommandType.SEEK, position_s=position_s)
    return _asking(device.id, CommandType.LOAD_CONTENT, content_id=str(device.content_id), start_position_s=position_s)


def _asking(device_id: UUID, command: CommandType, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON values
    return {"device_id": str(device_id), "command": command.value, "arguments": arguments}


def _undo_command(call: Call, members: Mapping[str, Any]) -> None:
    """Ask the device for the opposite."""
    draft = CommandDraft(CommandType(members["command"]), members["arguments"])
    sync.send_command(call.viewer(), UUID(members["device_id"]), draft, call.now)


_COMMANDS = {
    ControlAction.PAUSE: CommandType.PAUSE,
    ControlAction.RESUME: CommandType.PLAY,
    ControlAction.SEEK: CommandType.SEEK,
    ControlAction.STOP: CommandType.STOP,
}
TOOLS = (
    Tool(
        "check_availability",
        "Check availability",
        "Where a title can be watched in a region: platform, price, and the link that opens it on a kind of device.",
        AvailabilityArguments,
        Availability,
        check_availability,
    ),
    Tool(
        "list_devices",
        "List devices",
        "The viewer's devices, whether they are online, and what they are doing.",
        NoArguments,
        Devices,
        list_devices,
        scopes=frozenset({"read:devices"}),
    ),
    Tool(
        "initiate_playback",
        "Start playback",
        "Open a title: with a device_id that device is told to, without one the links are returned. Ask first.",
        PlayArguments,
        Playing,
        initiate_playback,
        scopes=frozenset({"playback:control"}),
        writes=True,
        is_idempotent=False,
        undo=_undo_command,
    ),
    Tool(
        "control_playback",
        "Control playback",
        "Pause, resume, seek or stop what one of the viewer's devices plays.",
        ControlArguments,
        Controlled,
        control_playback,
        scopes=frozenset({"playback:control"}),
        writes=True,
        undo=_undo_command,
    ),
)
