"""The keys that sign access tokens."""

from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.db import transaction
from django.utils import timezone

from apps.auth.adapters.vault import keyed_hash, seal, unseal
from apps.auth.domain.access_tokens import LEEWAY_S, LIFETIME_S, Signer
from apps.auth.models import SigningKey
from apps.auth.queries import trust
from mediagateway import audit

#: A new key is published for this long before it signs, so that who keeps our key set has it in time.
_PUBLISHED_BEFORE = timedelta(minutes=10)
#: After the last signature a key verifies for as long as that token lives, and a minute more.
_VERIFIES_AFTER = timedelta(seconds=LIFETIME_S + LEEWAY_S + 60)
_PURPOSE = "signing-key"
_BITS = 2048


def get_signer(now: datetime) -> Signer:
    """Give the key that signs at this time; the very first one is made here. One SQL statement."""
    key = SigningKey.objects.filter(signs_from__lte=now).order_by("-signs_from", "kid").first()
    if key is None:
        # Two processes may do this at once: both keys are good then, and the later one signs.
        key = _make_key(signs_from=now)
    return _signer(key.kid, bytes(key.sealed_private_key))


def rotate_signing_keys(*, at_once: bool = False) -> SigningKey:
    """
    Make a new key, and let those before it run out.

    Args:
        at_once: The old keys are compromised: the new one signs now, and they verify nothing more.
    """
    now = timezone.now()
    signs_from = now if at_once else now + _PUBLISHED_BEFORE
    with transaction.atomic():
        SigningKey.objects.filter(verifies_until__isnull=True).update(verifies_until=signs_from + _VERIFIES_AFTER)
        if at_once:
            SigningKey.objects.filter(verifies_until__gt=now).update(verifies_until=now)
        key = _make_key(signs_from=signs_from)
        audit.record("auth.signing_key_rotated", principal=None, target=f"key:{key.kid}", details={"at_once": at_once})
    trust.store.forget()
    return key


def _make_key(*, signs_from: datetime) -> SigningKey:
    """Make a key pair and store it sealed."""
    private_key = generate_private_key(public_exponent=65537, key_size=_BITS)
    der = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return SigningKey.objects.create(
        kid=keyed_hash(pem, purpose="kid")[:16],
        public_pem=pem,
        sealed_private_key=seal(der, purpose=_PURPOSE),
        signs_from=signs_from,
    )


@lru_cache(maxsize=4)
def _signer(kid: str, sealed: bytes) -> Signer:
    """Unseal a key once for each process."""
    private_key = load_der_private_key(unseal(sealed, purpose=_PURPOSE), password=None)
    assert isinstance(private_key, RSAPrivateKey)  # We make no others.
    return Signer(kid, private_key)
