"""
Answers kept for requests that are sent again: draft-ietf-httpapi-idempotency-key, for POSTs that create.

A claim is one row, so that of two equal requests at the same moment the database lets one in. Its answer is kept for a
day, sealed: it may hold a secret that is shown once, and only who knows the key can open it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from mediagateway.errors import ConflictError, DomainError
from mediagateway.models import IdempotentRequest

#: How long an answer is kept.
KEPT = timedelta(hours=24)
#: After this long a request without an answer has died with its process, and may be sent again.
_ABANDONED = timedelta(minutes=5)


class IdempotencyKeyReusedError(DomainError):
    """This `Idempotency-Key` came with another body before; a new request needs a new key."""

    code = "idempotency_key_reused"
    title = "The idempotency key belongs to another request"
    status = 422


class RequestInProgressError(ConflictError):
    """The first request with this `Idempotency-Key` is still running; send it again in a moment."""

    code = "request_in_progress"
    title = "The same request is still running"


@dataclass(frozen=True, slots=True)
class Claim:
    """One caller's key on one route: the name of its row, and what seals its answer."""

    name: str
    seal: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def make_claim(subject: str, route: str, key: str) -> Claim:
    """Bind a key to its caller and its route; neither name nor seal tells the key."""
    parts = orjson.dumps([subject, route, key])

    def derive(purpose: bytes) -> bytes:
        return hmac.digest(settings.SECRET_KEY.encode(), purpose + parts, hashlib.sha256)

    return Claim(derive(b"idempotency.name").hex(), base64.urlsafe_b64encode(derive(b"idempotency.seal")))


def begin(claim: Claim, body: bytes) -> Answer | None:
    """
    Claim the key for a request, or find the answer that it had.

    Returns:
        None when the caller is the first and has to run the request, and then to `finish` or `abandon` it.

    Raises:
        IdempotencyKeyReusedError: The key came with another body.
        RequestInProgressError: The first request has not ended.
    """
    now = timezone.now()
    fingerprint = hashlib.sha256(body).hexdigest()
    IdempotentRequest.objects.filter(claim=claim.name, expires_at__lte=now).delete()
    try:
        with transaction.atomic():
            IdempotentRequest.objects.create(claim=claim.name, fingerprint=fingerprint, expires_at=now + _ABANDONED)
    except IntegrityError:
        return _find(claim, fingerprint)
    return None


def finish(claim: Claim, answer: Answer) -> None:
    """Keep the answer for `KEPT`."""
    plain = orjson.dumps([answer.status, answer.headers, base64.b64encode(answer.body).decode()])
    IdempotentRequest.objects.filter(claim=claim.name).update(
        sealed_answer=Fernet(claim.seal).encrypt(plain), expires_at=timezone.now() + KEPT
    )


def abandon(claim: Claim) -> None:
    """Let go of a key whose request came to nothing, so that it may be sent again."""
    IdempotentRequest.objects.filter(claim=claim.name).delete()


def forget_expired(*, now: datetime) -> int:
    """Delete what is kept no longer, and say how many requests that were. One SQL statement."""
    return IdempotentRequest.objects.filter(expires_at__lte=now).delete()[0]


def _find(claim: Claim, fingerprint: str) -> Answer:
    """Read the answer of the first request with this key."""
    row = IdempotentRequest.objects.filter(claim=claim.name).first()
    # Abandoned between our insert and this read: as good as still running, and over when the caller comes back.
    if row is not None and row.fingerprint != fingerprint:
        raise IdempotencyKeyReusedError("This Idempotency-Key was sent with another body; use a new one.")
    if row is None or not row.sealed_answer:
        raise RequestInProgressError("The first request with this Idempotency-Key has not ended.")
    status, headers, body = orjson.loads(Fernet(claim.seal).decrypt(bytes(row.sealed_answer)))
    return Answer(status, headers, base64.b64decode(body))
