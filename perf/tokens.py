"""
Tokens at a rate: `python -m perf.tokens` asks for 50 a second, each way for a minute, of many people and clients.

The auth group runs as in production, on a real PostgreSQL that keeps what it acknowledges and a real Redis. Signing in
by a password is a way of its own, because hashing the password is nearly all of what it costs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

from mediagateway.testing.servers import postgres, valkey
from perf.environment import ROOT, set_environment
from perf.groups import Meter, running_groups
from perf.load import LoadError
from perf.machine import describe_commit, describe_machine
from settings.groups import GROUPS

WAYS = ("refresh", "client_credentials", "login")
_PASSWORD = "a-password-that-only-load-tests-have"
_OFFSET = 11000
#: What k6 answers when it ran and a threshold did not hold.
_THRESHOLD_MISSED = 99


def main() -> int:
    """Measure each way, and write what came of it; 1 when one did not run, 0 also when thresholds were missed."""
    options = _read_options()
    set_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.prod"
    try:
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            database = stack.enter_context(postgres(is_durable=True))
            os.environ |= {"DATABASE_URL": database.url, "REDIS_URL": stack.enter_context(valkey())}
            file = scratch / "principals.json"
            file.write_text(json.dumps({"principals": _make_principals(options.principals)}))
            pids = stack.enter_context(running_groups(["auth"], offset=_OFFSET)) | {"postgres": database.pid}
            result = {
                "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "commit": describe_commit(),
                "machine": describe_machine(),
                "principals": options.principals,
                "duration": options.duration,
                "ways": {way: _run(way, file, options, pids) for way in options.ways},
            }
    except (LoadError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    output = ROOT / "perf" / "results" / f"tokens-{datetime.now(UTC):%Y%m%d}.json"
    output.write_text(json.dumps(result, indent=1) + "\n")
    print(f"Written to {output.relative_to(ROOT)}")
    return 0


def _run(way: str, principals: Path, options: argparse.Namespace, pids: dict[str, int]) -> dict[str, Any]:
    """Run k6 for one way, and gather its figures and the CPU that each request took."""
    print(f"\n{way}: {options.rate} a second for {options.duration}", flush=True)
    summary = principals.with_name(f"{way}.json")
    environ = {
        **os.environ,
        "WAY": way,
        "RATE": str(options.rate),
        "DURATION": options.duration,
        "PRINCIPALS": str(principals),
        "SUMMARY": str(summary),
        "BASE_URL": f"http://127.0.0.1:{GROUPS['auth'].port + _OFFSET}",
    }
    k6 = str(Path(sys.executable).with_name("k6"))
    process = subprocess.Popen([k6, "run", "--quiet", "--no-usage-report", "perf/k6/tokens.js"], cwd=ROOT, env=environ)
    with Meter({**pids, "k6": process.pid}) as meter:
        code = process.wait()
    if code not in {0, _THRESHOLD_MISSED}:
        raise LoadError(f"k6 ended with {code}.")
    metrics = json.loads(summary.read_text())["metrics"]
    took = metrics[f"http_req_duration{{endpoint:{way}}}"]["values"]
    figures = {
        "requests": took["count"],
        "per_s": options.rate,
        **{f"{name}_ms": round(took[key], 2) for name, key in (("p50", "med"), ("p95", "p(95)"), ("p99", "p(99)"))},
        "max_ms": round(took["max"], 2),
        "rate_limited_ratio": metrics["rate_limited"]["values"]["rate"],
        "unexpected_ratio": metrics["unexpected"]["values"]["rate"],
        "dropped": metrics.get("dropped_iterations", {"values": {"count": 0}})["values"]["count"],
        "cpu_ms": {name: round(usage.cpu_s / took["count"] * 1000, 2) for name, usage in meter.usage.items()},
        "thresholds_met": code == 0,
    }
    print(json.dumps(figures))
    return figures


def _make_principals(count: int) -> list[dict[str, str]]:
    """Make as many people, each with a session of one public client, and as many clients with secrets."""
    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from apps.auth.domain.grants import ClientKind, GrantType
    from apps.auth.services.clients import ClientFacts, create_client
    from apps.auth.services.sessions import Caller, open_client_session
    from apps.user.services.accounts import create_account, verify_email

    call_command("migrate", verbosity=0)
    grants = frozenset({GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN})
    app = ClientFacts("App", ClientKind.PUBLIC, ("https://app.example/cb",), grants, frozenset({"read:content"}))
    _, public = create_client(app, principal=None)
    service = ClientFacts(
        "Service", ClientKind.CONFIDENTIAL, (), frozenset({GrantType.CLIENT_CREDENTIALS}), frozenset({"read:content"})
    )
    password_hash, caller = make_password(_PASSWORD), Caller("127.0.0.1", "k6")
    principals = []
    for number in range(count):
        account = create_account(email=f"load-{number:05}@example.com", password_hash=password_hash, name="Load")
        verify_email(account.id, now=timezone.now())
        with transaction.atomic():
            _, pair = open_client_session(
                account,
                public.client_id,
                {"read:content", "offline_access"},
                caller,
                may_refresh=True,
            )
        secret, client = create_client(service, principal=None)
        principals.append(
            {
                "email": account.email,
                "password": _PASSWORD,
                "public_client_id": public.client_id,
                "refresh_token": pair.refresh_token,
                "client_id": client.client_id,
                "client_secret": secret,
            }
        )
    return principals


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", default=list(WAYS), help=f"of {', '.join(WAYS)}")
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument("--duration", default="60s")
    parser.add_argument("--principals", type=int, default=500, help="people, and as many clients")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
