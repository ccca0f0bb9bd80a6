"""Runs and records in the admin, to be looked at: records change through runs and, later, through review."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.ingestion.models import IngestionRun, StagedRecord


class _ReadOnly:
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


@admin.register(IngestionRun)
class IngestionRunAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """How far runs are and what they did."""

    list_display = (
        "id", "source", "platform", "region", "as_of", "status", "rows_done", "new", "updated", "unchanged", "rejected",
        "started_at", "finished_at",
    )  # fmt: skip
    list_filter = ("status", "source", "platform")


@admin.register(StagedRecord)
class StagedRecordAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """What arrived, what it was taken for, and why."""

    list_display = ("__str__", "status", "reason", "title", "method", "confidence", "as_of")
    list_filter = ("status", "source", "platform", "method")
    # By the unique index on (source, platform, source_id) or the title's id; no text search over the raw rows.
    search_fields = ("=source_id", "=title__id")
    list_select_related = ("title",)
    show_full_result_count = False
