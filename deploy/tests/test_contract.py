"""The API against its own OpenAPI document, by a client that is not ours and knows nothing else."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import validate

from deploy.tests.browsing import EMAIL, register

pytestmark = [pytest.mark.slow]

#: What answers without a token.
PUBLIC = "^/(api/v1/(content|search|movies|tv|genres|platforms|people|status)|health|ready|liveness|metrics)"
#: An admin's matters and each replica's own; an admin could lift any limit and end anybody's session.
NOT_A_PERSONS = "/(admin|health|ready|liveness|metrics)"
#: What ends the session that asks, rightly: everything behind it would be answered with 401.
FAREWELLS = ("auth_session_end", "auth_session_revoke", "auth_profile_switch", "user_account_erase")
CONFIG = Path(__file__).parent / "schemathesis.toml"
#: Run by `manage.py shell`: a token of Ada's that outlives the run.
SIGN_IN = f"""
from dataclasses import replace
from django.utils import timezone
from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.queries.tokens import verify_token
from apps.auth.services.keys import get_signer
from apps.auth.services.sessions import Caller, open_session
from apps.user.api import find_account
account = find_account("{EMAIL}")
principal = verify_token(open_session(account.id, account.role, Caller(None)).access_token)
now = timezone.now()
print(access_tokens.encode(principal, get_signer(now), conf.place(), now_s=int(now.timestamp()), lifetime_s=86400))
"""


@pytest.fixture
def served(serve):
    """The whole API in one process, over the starter catalogue and without limits."""
    with serve("--group", "api", MG_WORKER="0", DJANGO_SETTINGS_MODULE="deploy.tests.unlimited_settings") as served:
        served.manage("load_starter")
        served.wait_until_ready("api")
        validate(httpx.get(served.url("/api-docs/openapi.json")).json())
        yield served


def search_for_faults(served, folder, *arguments):
    """Run schemathesis with every check on, and give what it says; it ends with 0 when it has found nothing."""
    document = served.url("/api-docs/openapi.json")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", document]
    options = ["--checks", "all", "--seed", "1", *arguments]
    result = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    print(result.stdout)  # noqa: T201 -- `pytest -s` shows what was covered
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_schemathesis_finds_nothing(served, tmp_path):
    """Examples, boundary cases and random requests against the starter catalogue."""
    search_for_faults(
        served,
        tmp_path,
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--include-path-regex", PUBLIC),
    )


def test_schemathesis_finds_nothing_as_somebody_signed_in(served, tmp_path):
    """The same for all that a person may do, and then chains of requests along the links between operations."""
    register(served)
    token = served.manage("shell", "--no-imports", "-c", SIGN_IN).stdout.strip()
    person = ["--header", f"Authorization: Bearer {token}", "--exclude-path-regex", NOT_A_PERSONS]
    person += [word for name in FAREWELLS for word in ("--exclude-operation-id", name)]

    said = search_for_faults(
        served, tmp_path, *person, *("--phases", "examples,coverage,fuzzing", "--max-examples", "5")
    )
    chained = search_for_faults(served, tmp_path, *person, *("--phases", "stateful", "--max-examples", "60"))

    # Some operations are for admins and answer 403; the token itself is good everywhere.
    assert "401 Unauthorized" not in said
    assert "API Links:" in chained
    profile = httpx.get(served.url("/api/v1/user/profile"), headers={"Authorization": f"Bearer {token}"})
    assert profile.status_code == 200, "the session has lasted to the end"
