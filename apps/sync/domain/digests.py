"""
A digest of a state that every client can compute by itself, to see that it holds what the server holds.

The canonical form is a JSON document without white space, keys and lists sorted, encoded as UTF-8:

    {"hidden": [[content_id, stamp], …],
     "preferences": [[key, stamp, value], …],
     "progress": [[content_id, session_id, started, stamp, position_s, duration_s, state], …],
     "watchlist": [[content_id, [tag, …]], …]}

`progress` has the session that speaks for each title. Ids are lower-case UUIDs, numbers are whole. The digest is the
SHA-256 of the document in hexadecimal.
"""

import hashlib
import json
from typing import Any

from apps.sync.domain.state import State


def canonical(state: State) -> dict[str, list[Any]]:
    """Write the part of a state that everybody must agree on, as JSON values in a fixed order."""
    return {
        "hidden": sorted([str(content_id), stamp] for content_id, stamp in state.hidden.items()),
        "preferences": sorted([key, stamp, value] for key, (stamp, value) in state.preferences.items()),
        "progress": sorted(
            [str(content_id), str(session_id), *register]
            for content_id, (session_id, register) in state.current().items()
        ),
        "watchlist": sorted(
            [str(content_id), sorted(str(tag) for tag in tags)] for content_id, tags in state.watchlist().items()
        ),
    }


def compute_digest(state: State) -> str:
    """Compute the digest of a state."""
    document = json.dumps(canonical(state), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()
