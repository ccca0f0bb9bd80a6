"""Which tokens are believed: ours, as we write them, and no others."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.utils import timezone

from apps.auth import conf
from apps.auth.api import verify_token
from apps.auth.domain import access_tokens
from apps.auth.domain.access_tokens import LEEWAY_S, LIFETIME_S, Signer
from apps.auth.models import Revocation, SigningKey
from apps.auth.queries import trust
from apps.auth.services.keys import _make_key, get_signer, rotate_signing_keys
from apps.auth.tests.factories import key_pair, make_signing_key
from mediagateway.principal import Principal, Role, Tier

pytestmark = pytest.mark.django_db

PRINCIPAL = Principal(
    account_id=uuid4(),
    scopes=frozenset({"read:profile", "write:watchlist"}),
    token_id="t-1",
    profile_id=uuid4(),
    role=Role.ADMIN,
    tier=Tier.PREMIUM,
    session_id=uuid4(),
    actor_id=uuid4(),
)


@pytest.fixture(autouse=True)
def _key(db):
    make_signing_key()


def sign(principal=PRINCIPAL, *, place=None, age_s=0):
    """A token as we write it, `age_s` ago."""
    now = timezone.now()
    return access_tokens.encode(principal, get_signer(now), place or conf.place(), now_s=int(now.timestamp()) - age_s)


def forge(*, headers=None, key=None, algorithm="RS256", **claims):
    """A token that is right but for what is given."""
    right = jwt.decode(sign(), options={"verify_signature": False})
    return jwt.encode(
        {**right, **claims},
        key or key_pair()[0],
        algorithm=algorithm,
        headers={"typ": "at+jwt", "kid": "key-1", **(headers or {})},
    )


@pytest.mark.parametrize(
    "principal",
    [
        PRINCIPAL,
        Principal(uuid4(), frozenset(), "t-2", client_id="app-1", session_id=uuid4()),
        Principal(None, frozenset({"read:content"}), "t-3", client_id="robot", role=Role.SERVICE),
    ],
    ids=["everything", "a client's", "a client of its own"],
)
def test_a_principal_comes_back(principal):
    """RFC 9068 §2.2: the token says all of it."""
    assert verify_token(sign(principal)) == principal


def test_a_right_token_is_believed_when_forged_by_the_right_key():
    """Or the refusals below would prove nothing."""
    assert verify_token(forge()) == PRINCIPAL


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "https://evil.example"}, id="foreign issuer"),
        pytest.param({"aud": "https://evil.example"}, id="foreign audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"exp": int(time.time()) - LEEWAY_S - 60}, id="expired"),
        pytest.param({"iat": int(time.time()) + 3600}, id="from the future"),
        pytest.param({"sub": "ada"}, id="no account id"),
        pytest.param({"role": "emperor"}, id="unknown role"),
        pytest.param({"scope": ["read:profile"]}, id="scope is no string"),
        pytest.param({"jti": 7}, id="token id is no string"),
        pytest.param({"headers": {"typ": "JWT"}}, id="an ID token's type (RFC 9068 §2.1)"),
        pytest.param({"headers": {"kid": "key-2"}}, id="kid is not ours"),
        pytest.param({"headers": {"kid": "../../dev/null"}}, id="kid is a path"),
        pytest.param({"headers": {"kid": "' OR 1=1 --"}}, id="kid is SQL"),
    ],
)
def test_a_token_with_one_thing_wrong_is_refused(changes):
    """RFC 8725 §3.8 to §3.11."""
    assert verify_token(forge(**changes)) is None


def test_alg_none_is_refused():
    """RFC 8725 §2.1."""
    head, body, _ = forge().split(".")
    for alg in ("none", "None", "nOnE"):
        header = {**json.loads(base64.urlsafe_b64decode(head + "==")), "alg": alg}
        forged = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()

        assert verify_token(f"{forged}.{body}.") is None


def test_hs256_with_the_public_key_is_refused():
    """RFC 8725 §2.1: our public key is no shared secret. Signed by hand, because PyJWT refuses to."""
    head, body, _ = forge(headers={}).split(".")
    header = {**json.loads(base64.urlsafe_b64decode(head + "==")), "alg": "HS256"}
    signed = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() + "." + body
    mac = hmac.digest(key_pair()[1].encode(), signed.encode(), hashlib.sha256)

    assert verify_token(f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}") is None


def test_a_key_in_the_header_is_ignored():
    """RFC 8725 §3.10: `jwk`, `jku` and `x5u` bring nobody's key in."""
    theirs = generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(theirs.public_key(), as_dict=True)

    token = forge(key=theirs, headers={"jwk": jwk, "jku": "https://evil.example/jwks.json", "kid": "key-1"})

    assert verify_token(token) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "mg_live_", "mg_live_" + "x" * 38, "é" * 9, "." * 5000])
def test_rubbish_is_refused(token):
    """And breaks nothing."""
    assert verify_token(token) is None


@pytest.mark.parametrize(("late_s", "believed"), [(LEEWAY_S - 10, True), (LEEWAY_S + 10, False)])
def test_clocks_may_differ_by_half_a_minute(late_s, believed):
    """RFC 9068 §4."""
    assert (verify_token(sign(age_s=LIFETIME_S + late_s)) is not None) is believed


@pytest.mark.parametrize("subject", [PRINCIPAL.token_id, str(PRINCIPAL.session_id)], ids=["token", "session"])
def test_a_revocation_by_another_process_holds_within_five_seconds(subject, monkeypatch):
    """The next reading sees it."""
    token = sign()
    assert verify_token(token)

    Revocation.objects.create(subject=subject, expires_at=timezone.now() + conf.ACCESS_TOKEN_LIFETIME)

    assert verify_token(token), "No statement for each check."
    later = time.monotonic() + 2.5
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert verify_token(token) is None


def test_a_check_costs_no_sql(django_assert_num_queries):
    """Between two readings."""
    token = sign()
    verify_token(token)

    with django_assert_num_queries(0):
        for _ in range(100):
            verify_token(token)


def test_a_token_that_was_believed_expires(monkeypatch):
    """What is remembered of it is the signature alone."""
    token = sign()
    assert verify_token(token)

    later = time.time() + LIFETIME_S + LEEWAY_S + 1
    monkeypatch.setattr(time, "time", lambda: later)

    assert verify_token(token) is None


def test_a_token_that_was_refused_is_looked_at_again():
    """Its key may have been on its way."""
    early = Signer("key-9", key_pair()[0])
    token = access_tokens.encode(PRINCIPAL, early, conf.place(), now_s=int(time.time()))
    assert verify_token(token) is None

    SigningKey.objects.update(kid="key-9")
    trust.store.forget()

    assert verify_token(token) == PRINCIPAL


def test_rotation_interrupts_nobody():
    """The new key is known before it signs, and the old one for as long as its tokens live."""
    before = sign()

    key = rotate_signing_keys()

    now = timezone.now()
    assert set(trust.store.current().keys) == {"key-1", key.kid}
    assert get_signer(now).kid == "key-1"
    assert get_signer(key.signs_from).kid == key.kid
    assert verify_token(before)


def test_a_compromised_key_is_dropped_at_once():
    """Everything that it has signed is refused."""
    before = sign()

    key = rotate_signing_keys(at_once=True)

    assert verify_token(before) is None
    assert verify_token(sign()) == PRINCIPAL
    assert set(trust.store.current().keys) == {key.kid}


def test_the_key_set_is_public(client):
    """RFC 7517: public halves only, each with its kid."""
    response = client.get("/.well-known/jwks.json")

    (key,) = response.json()["keys"]
    assert key["kid"] == "key-1"
    assert key["alg"] == "RS256"
    assert not key.keys() & {"d", "p", "q", "dp", "dq", "qi"}
    assert response["Cache-Control"] == "public, max-age=300"


def test_a_token_of_a_strangers_key_is_refused():
    """Under our own kid."""
    stranger = Signer("key-1", generate_private_key(public_exponent=65537, key_size=2048))

    token = access_tokens.encode(replace(PRINCIPAL, role=Role.USER), stranger, conf.place(), now_s=int(time.time()))

    assert verify_token(token) is None


def test_the_first_keys_of_two_processes_are_both_good():
    """Neither retires the other."""
    SigningKey.objects.all().delete()
    now = timezone.now()

    first = sign()
    _make_key(signs_from=now)
    trust.store.forget()

    assert verify_token(first)
    assert verify_token(sign())
