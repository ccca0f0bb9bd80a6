"""Accounts that sign in, and keys that sign."""

from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.contrib.auth import get_user_model
from django.utils import timezone

from apps.auth.adapters.vault import seal
from apps.auth.api import verify_token
from apps.auth.models import SigningKey
from mediagateway.principal import Principal, Role

PASSWORD = "correct horse battery"


def principal_of(token) -> Principal:
    """The principal of a token that must be good."""
    principal = verify_token(token)
    assert principal is not None
    return principal


def make_account(email="ada@example.com", role=Role.USER, **fields):
    """An account that can sign in with `PASSWORD`."""
    return get_user_model().objects.create_user(email, PASSWORD, role=role, **fields)


@cache
def key_pair():
    """One pair for the whole run: making one takes a tenth of a second."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return key, pem


def make_signing_key(kid="key-1"):
    """A key that signs since an hour ago."""
    key, pem = key_pair()
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey.objects.create(
        kid=kid,
        public_pem=pem,
        sealed_private_key=seal(der, purpose="signing-key"),
        signs_from=timezone.now() - timedelta(hours=1),
    )
