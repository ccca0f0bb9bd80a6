"""The kernel's tables in the admin: the audit log, to be read."""

from django.contrib import admin
from django.http import HttpRequest

from mediagateway.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """Search and read; nobody adds, changes or deletes here."""

    list_display = ("id", "created_at", "action", "target", "account_id", "actor_id")
    list_filter = ("action",)
    search_fields = ("=target", "=account_id", "=actor_id", "=request_id")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Entries are written by the acts that they tell about."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Entries never change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Entries stay."""
        return False
