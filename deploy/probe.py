"""The image's health check: ask this container's own group whether it is alive. Needs nothing but the group table."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from settings.groups import GROUPS


def main() -> int:
    """Return 0 when `/liveness` answers 200."""
    group = GROUPS[os.environ.get("MG_GROUP", "api")]
    port = int(os.environ.get("PORT", "0")) if group.name == "api" else 0
    connection = HTTPConnection("127.0.0.1", port or group.port + int(os.environ.get("MG_PORT_OFFSET", "0")), timeout=4)
    try:
        connection.request("GET", "/liveness")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, HTTPException) as err:
        print(repr(err), file=sys.stderr)  # noqa: T201 -- docker keeps what a health check says
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
