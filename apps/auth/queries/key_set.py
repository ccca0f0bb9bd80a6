"""Our public keys, as a document."""

from typing import Any

from jwt.algorithms import RSAAlgorithm

from apps.auth.domain.access_tokens import ALGORITHM
from apps.auth.queries import trust


def get_key_set() -> dict[str, Any]:
    """Write the JWK set (RFC 7517) of all keys that verify now or will soon; no SQL but for the readings of `trust`."""
    keys = trust.store.current().keys
    return {
        "keys": [
            {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": ALGORITHM}
            for kid, key in sorted(keys.items())
        ]
    }
