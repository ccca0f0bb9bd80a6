"""Gathering everything that is known of a household."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.user.contracts import ExportRecord
from apps.user.models import (
    Account,
    Consent,
    Export,
    Notification,
    ParentalControls,
    Preference,
    Profile,
    Rating,
    Subscription,
)
from apps.user.queries.exports import export_record
from apps.user.queries.ownership import Owner
from mediagateway import audit
from mediagateway.events import publish
from mediagateway.ownership import owned_by_accounts

#: How long an export can be fetched.
KEPT_FOR = timedelta(days=7)
#: What of each table a person is given: everything but secrets and our own bookkeeping.
_FIELDS: Mapping[Any, tuple[str, ...]] = {
    Profile: ("id", "kind", "name", "region", "language", "zone", "max_age", "allow_unrated", "created_at"),
    ParentalControls: ("max_age", "blocked_genres", "window_start", "window_end", "zone"),
    Subscription: ("platform", "since", "until"),
    Preference: ("profile_id", "key", "value"),
    Rating: ("profile_id", "content_id", "score", "rated_at"),
    Notification: ("profile_id", "kind", "text", "content_ids", "created_at", "read_at"),
    Consent: ("purpose", "is_granted", "text_version", "recorded_at"),
}


def request_export(owner: Owner, *, now: datetime) -> ExportRecord:
    """
    Ask for an export; the worker gathers it.

    Raises:
        ChildProfileError: A child's profile asks.
    """
    owner.check_manages()
    with transaction.atomic():
        export = Export.objects.create(account=owner.account, requested_at=now)
        publish("user.export_requested", {"export_id": str(export.id)})
        audit.record("user.export_requested", principal=owner.principal, target=f"export:{export.id}")
    return export_record(export)


def gather_export(export_id: UUID) -> None:
    """Ask every contributor for its section and keep the whole; a second call does nothing."""
    export = Export.objects.filter(pk=export_id, ready_at__isnull=True).first()
    if export is None:
        return
    sections = {name: import_string(path)(export.account_id) for name, path in settings.EXPORT_CONTRIBUTORS.items()}
    export.document, export.ready_at = sections, timezone.now()
    export.save(update_fields=["document", "ready_at"])


def export_account(account_id: UUID) -> dict[str, Any]:
    """Give everything that this app has of an account, as JSON values. One SQL statement for each table."""
    account = Account.objects.values("id", "email", "email_verified_at", "role", "tier", "created_at").get(
        pk=account_id
    )
    tables = {
        model._meta.model_name: list(owned_by_accounts(model, [account_id]).values(*fields))
        for model, fields in _FIELDS.items()
    }
    written: dict[str, Any] = orjson.loads(orjson.dumps({"account": account, **tables}, option=orjson.OPT_UTC_Z))
    return written


def delete_old_exports(*, now: datetime) -> int:
    """Delete what was asked for long ago, and say how many exports that were. One SQL statement."""
    return Export.objects.filter(requested_at__lt=now - KEPT_FOR).delete()[0]
