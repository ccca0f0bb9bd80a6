"""Foreign keys obey the rows of the architecture."""

import tomllib
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from mediagateway.checks import ROWS, check_foreign_keys


def app_of(app: str) -> AppConfig:
    """Find the registered configuration of an app of ours."""
    return next(config for config in apps.get_app_configs() if config.name == f"apps.{app}")


def errors_of_key(here, there, **options):
    """Check a model of one app with a key to a model of another, and name the errors."""
    with isolate_apps("apps.content", "apps.user", "apps.auth", "apps.search", "apps.sync") as isolated:

        class Target(models.Model):  # noqa: DJ008 -- never shown
            class Meta:
                app_label = app_of(there).label

        class Source(models.Model):  # noqa: DJ008 -- never shown
            target = models.ForeignKey(Target, on_delete=models.CASCADE, **options)

            class Meta:
                app_label = app_of(here).label

        assert isolated is not None
        return [error.id for error in check_foreign_keys(list(isolated.get_app_configs()))]


@pytest.mark.parametrize(
    ("here", "there", "options", "errors"),
    [
        ("search", "content", {"related_name": "+"}, []),
        ("search", "content", {}, ["mg.E002"]),
        ("content", "search", {"related_name": "+"}, ["mg.E001"]),
        ("sync", "auth", {"related_name": "+"}, ["mg.E001"]),
        ("content", "user", {}, ["mg.E001", "mg.E002"]),
        ("content", "content", {}, []),
    ],
)
def test_keys_point_down_and_without_a_name_back(here, there, options, errors):
    assert errors_of_key(here, there, **options) == errors


def test_the_project_itself_passes():
    call_command("check", fail_level="WARNING")


def test_rows_are_those_of_the_import_contract():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["apps"])

    assert [set(layer.split(" | ")) for layer in reversed(layers)] == [set(row) for row in ROWS]
