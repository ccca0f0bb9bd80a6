"""
The audit log: every security event and every act of an admin, in the transaction of the act, chained by hashes.

An entry's hash covers its fields and the hash before it, so that a change, a removal or an insertion anywhere breaks
the chain from there on. The head row, locked by whoever appends, makes one order of all appends. What a chain cannot
show is that its end was cut off together with the head: keep a hash outside now and then, and
`manage.py verify_audit_log --anchor` looks for it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import transaction
from django.utils import timezone

from mediagateway.models import AuditEntry, AuditHead
from mediagateway.principal import Principal

#: What stands before the first entry.
GENESIS = "0" * 64
#: Fields that the hash covers, beside the previous hash.
_HASHED = (
    "id", "created_at", "action", "account_id", "actor_id", "client_id", "token_id", "target", "details", "request_id",
)  # fmt: skip
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Verification:
    """
    What a walk along the chain found.

    Attributes:
        entries: How many entries there are.
        last_hash: Hash of the last one; worth keeping outside.
        faults: A sentence for each break, oldest first; empty when all is well.
    """

    entries: int
    last_hash: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to list; what is None or empty does not count."""

    action: str = ""
    target: str = ""
    account_id: UUID | None = None
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(
    action: str, *, principal: Principal | None, target: str = "", details: Mapping[str, Any] | None = None
) -> AuditEntry:
    """
    Append an entry, with the current transaction: no act without its entry, and no entry without its act.

    Everybody who appends waits for this transaction to end, so call it last.

    Args:
        action: `<app>.<noun>_<past participle>`, such as "auth.session_revoked".
        principal: Who did it; None for somebody unknown, or for the system itself.
        target: What was acted on, `<kind>:<id>`, such as "account:0b0c…".
        details: JSON values; never a secret, a token, or more of a person than the event needs.

    Raises:
        TypeError: A detail has no JSON form.
    """
    entry = AuditEntry(
        created_at=timezone.now(),
        action=action,
        account_id=principal.account_id if principal else None,
        actor_id=principal.actor_id if principal else None,
        client_id=principal.client_id if principal else "",
        token_id=principal.token_id if principal else "",
        target=target,
        details=_canonical(dict(details or {})),
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(id=1, defaults={"last_hash": GENESIS})
        entry.id, entry.previous_hash = head.last_id + 1, head.last_hash
        entry.hash = compute_hash(entry)
        entry.save()
        head.last_id, head.last_hash = entry.id, entry.hash
        head.save(update_fields=["last_id", "last_hash"])
    return entry


def compute_hash(entry: AuditEntry) -> str:
    """Hash the entry's fields and the hash before it, as canonical JSON: sorted names, no blanks, UTC."""
    fields = {name: getattr(entry, name) for name in _HASHED}
    return hashlib.sha256(_canonical({**fields, "previous_hash": entry.previous_hash}).encode()).hexdigest()


def verify(*, anchor: str = "") -> Verification:
    """
    Walk along the whole chain, while others go on appending; `_PAGE` entries for each SQL statement.

    Args:
        anchor: A hash that was kept outside and must still be in the chain.
    """
    faults: list[str] = []
    head_at_start = _read_head()
    wanted = {head_at_start[1], anchor or GENESIS}
    last_id, last_hash, count = 0, GENESIS, 0
    wanted.discard(GENESIS)
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=_PAGE):
        if entry.id != last_id + 1:
            faults.append(f"Entry {entry.id} follows entry {last_id}.")
        if entry.previous_hash != last_hash:
            faults.append(f"Entry {entry.id} does not continue the entry before it.")
        if entry.hash != compute_hash(entry):
            faults.append(f"Entry {entry.id} was changed.")
        last_id, last_hash, count = entry.id, entry.hash, count + 1
        wanted.discard(entry.hash)
    if head_at_start[1] in wanted:
        faults.append(f"The chain ends with entry {last_id}; its head knows entry {head_at_start[0]}.")
    if _read_head()[0] < last_id:
        faults.append(f"The chain ends with entry {last_id}, of which its head knows nothing.")
    if anchor in wanted:
        faults.append("The hash that was kept outside is not in the chain.")
    return Verification(count, last_hash, tuple(faults))


def list_entries(wanted: AuditFilter, *, before_id: int | None, limit: int) -> tuple[AuditEntry, ...]:
    """List entries, newest first, older than `before_id`. One SQL statement."""
    conditions: dict[str, Any] = {
        "action": wanted.action,
        "target": wanted.target,
        "account_id": wanted.account_id,
        "actor_id": wanted.actor_id,
        "created_at__gte": wanted.since,
        "created_at__lt": wanted.until,
        "id__lt": before_id,
    }
    given = {name: value for name, value in conditions.items() if value not in (None, "")}
    return tuple(AuditEntry.objects.filter(**given).order_by("-id")[:limit])


def _read_head() -> tuple[int, str]:
    """Read id and hash of the last entry, as the head has them."""
    return AuditHead.objects.filter(id=1).values_list("last_id", "last_hash").first() or (0, GENESIS)


def _canonical(value: Mapping[str, Any]) -> str:
    """Write JSON in its one form."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()
    except orjson.JSONEncodeError as err:
        raise TypeError(f"Not JSON: {err}.") from err
