"""What the settings modules accept; each import happens in a process of its own."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "MG_SECRET_KEY": "x" * 50,
    "MG_KEK": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
    "MG_ALLOWED_HOSTS": "api.example.com",
    "MG_PUBLIC_URL": "https://api.example.com",
    "DATABASE_URL": "postgres://db/mediagateway",
}

pytestmark = pytest.mark.once


def boot(module: str, **environ: str | None) -> "subprocess.CompletedProcess[str]":
    """Import a settings module with nothing in the environment but this."""
    given = {name: value for name, value in environ.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", f"import settings.{module} as s; print(s.GROUP.name, s.PORT, s.WORKERS, s.DOCS_URL)"],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_boots_when_everything_is_said():
    result = boot("prod", **GOOD)

    assert result.stdout.split() == ["api", "8080", "1", "https://api.example.com/docs"], result.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MG_SECRET_KEY", None),
        ("MG_SECRET_KEY", "short"),
        ("MG_SECRET_KEY", "development-only-key-that-everybody-knows"),
        ("MG_KEK", None),
        ("MG_KEK", "c2hvcnQ="),
        ("MG_ALLOWED_HOSTS", None),
        ("MG_ALLOWED_HOSTS", "*"),
        ("MG_PUBLIC_URL", None),
        ("MG_PUBLIC_URL", "http://api.example.com"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://db/mediagateway"),
        ("ALLOWED_ORIGINS", "*"),
        ("MG_GROUP", "serach"),
        ("MG_WORKERS", "2"),
        ("MG_DEFAULT_REGION", "Germany"),
        ("MG_EMBEDDER", "word2vec"),
        ("MG_EMBEDDER", "onnx"),
        ("MG_EMBEDDER", "endpoint"),
    ],
)
def test_production_refuses(variable, value):
    result = boot("prod", **{**GOOD, variable: value})

    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert variable in result.stderr


def test_development_boots_with_nothing_said(tmp_path):
    assert boot("dev", MG_DATA_DIR=str(tmp_path)).stdout.startswith("api 8080 1 ")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"PORT": "9000"}, "api 9000"),
        ({"PORT": "9000", "MG_GROUP": "sona"}, "sona 8082"),
        ({"MG_PORT_OFFSET": "100", "MG_GROUP": "sona"}, "sona 8182"),
        ({"MG_PORT_OFFSET": "100"}, "api 8180"),
        ({"REDIS_URL": "redis://h/0"}, "api 8080 2"),
        ({"REDIS_URL": "redis://h/0", "MG_WORKERS": "4"}, "api 8080 4"),
    ],
)
def test_ports_and_workers_follow_the_environment(tmp_path, environ, expected):
    assert boot("dev", MG_DATA_DIR=str(tmp_path), **environ).stdout.startswith(expected)


def test_development_refuses_a_mistyped_group(tmp_path):
    result = boot("dev", MG_DATA_DIR=str(tmp_path), MG_GROUP="serach")

    assert "MG_GROUP must be one of api, discovery" in result.stderr
