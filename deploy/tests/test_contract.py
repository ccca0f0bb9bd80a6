"""The API against its own OpenAPI document, by a client that is not ours and knows nothing else."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import validate

#: What answers without a token.
PUBLIC = "^/(api/v1/(content|search|movies|tv|genres|platforms|people|status)|health|ready|liveness|metrics)"
CONFIG = Path(__file__).parent / "schemathesis.toml"


@pytest.mark.slow
def test_schemathesis_finds_nothing(serve, tmp_path):
    """Examples, boundary cases and random requests against the starter catalogue; every check of the tool is on."""
    with serve(
        "--group",
        "api",
        MG_WORKER="0",
        DATABASE_URL="",
        REDIS_URL="",
        DJANGO_SETTINGS_MODULE="deploy.tests.unlimited_settings",
    ) as served:
        served.manage("load_starter")
        served.wait_until_ready("api")
        document = served.url("/api-docs/openapi.json")
        validate(httpx.get(document).json())
        result = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", document),
                *("--phases", "examples,coverage,fuzzing", "--checks", "all", "--max-examples", "25", "--seed", "1"),
                *("--include-path-regex", PUBLIC),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode == 0, result.stdout
