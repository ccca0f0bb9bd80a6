"""What a command may say."""

from uuid import UUID

import pytest

from apps.sync.domain.devices import CommandType, wrong_arguments

pytestmark = pytest.mark.once

ID = "7c1d3b9e-2f7a-4c55-8d43-9f0c1f6a2b11"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("play", {}),
        ("seek", {"position_s": 0}),
        ("volume_set", {"volume": 100}),
        ("load_content", {"content_id": ID}),
        ("load_content", {"content_id": UUID(ID), "start_position_s": 360_000}),
        ("cast_to", {"content_id": ID, "target_device_id": ID}),
    ],
)
def test_a_command_says_what_it_has_to(command, arguments):
    assert wrong_arguments(CommandType(command), arguments) == ()


@pytest.mark.parametrize(
    ("command", "arguments", "wrong"),
    [
        ("play", {"position_s": 1}, ("position_s",)),
        ("seek", {}, ("position_s",)),
        ("seek", {"position_s": -1}, ("position_s",)),
        ("seek", {"position_s": "90"}, ("position_s",)),
        ("seek", {"position_s": 1.5}, ("position_s",)),
        ("seek", {"position_s": True}, ("position_s",)),
        ("seek", {"position_s": None}, ("position_s",)),
        ("seek", {"position_s": 360_001}, ("position_s",)),
        ("volume_set", {"volume": 101}, ("volume",)),
        ("load_content", {"content_id": "the matrix"}, ("content_id",)),
        ("load_content", {"content_id": ID, "start_position_s": {}}, ("start_position_s",)),
        ("cast_to", {"content_id": 7, "target_device_id": []}, ("content_id", "target_device_id")),
        ("cast_to", {"content_id": ID, "colour": "red"}, ("colour", "target_device_id")),
    ],
)
def test_what_a_command_cannot_say_is_named(command, arguments, wrong):
    assert wrong_arguments(CommandType(command), arguments) == wrong
