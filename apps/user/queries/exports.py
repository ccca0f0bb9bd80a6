"""Exports that a household has asked for."""

from typing import Any
from uuid import UUID

from apps.user.contracts import ExportRecord
from apps.user.errors import ExportNotFoundError
from apps.user.models import Export
from apps.user.queries.ownership import Owner
from mediagateway.ownership import owned


def get_export(owner: Owner, export_id: UUID) -> tuple[ExportRecord, Any]:
    """
    Read an export and, once it is ready, its document. One SQL statement.

    Raises:
        ChildProfileError: A child's profile asks.
        ExportNotFoundError: The household has none with this id.
    """
    owner.check_manages()
    export = owned(Export, owner).filter(pk=export_id).first()
    if export is None:
        raise ExportNotFoundError("There is no export with this id.")
    return export_record(export), export.document


def export_record(export: Export) -> ExportRecord:
    """Write an export without its document; no SQL."""
    status = "pending" if export.ready_at is None else "ready"
    return ExportRecord(export.id, status, export.requested_at, export.ready_at)
