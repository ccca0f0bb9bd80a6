"""Logs and devices for those who keep the service running: how much there is and how fresh, never which titles."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.sync import models


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """Pages that show and change nothing: a row changed here would be in no log."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


@admin.register(models.Head)
class HeadAdmin(ReadOnlyAdmin):
    """How far each log has come."""

    list_display = fields = ("profile_id", "position", "compacted_to", "vector")
    search_fields = ("=profile__id",)
    search_help_text = "The exact id of a profile."


@admin.register(models.Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Devices, without what they show."""

    list_display = ("id", "kind", "platform", "app_version", "activity", "last_seen_at")
    fields = (*list_display, "profile_id", "capabilities", "registered_at")
    list_filter = ("kind", "platform")
    search_fields = ("=id", "=profile__id")
    search_help_text = "The exact id of a device or a profile."
