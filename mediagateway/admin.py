"""The kernel's tables in the admin: the audit log, to be read, and the limits that stand instead of the table's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from mediagateway.limits.overrides import Override, remove_override, set_override
from mediagateway.limits.table import LIMITS
from mediagateway.models import AuditEntry, LimitOverride
from mediagateway.principal import Principal, Role


def acting_admin(request: HttpRequest) -> Principal:
    """Name who acts at the admin's pages, for the audit log; there the sign-in is by session, not by token."""
    return Principal(
        account_id=request.user.pk,
        scopes=frozenset(),
        token_id="admin",  # noqa: S106 -- says that there is no token
        role=Role.ADMIN,
    )


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


class LimitOverrideForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs only
    """An override whose group or rule exists."""

    group = forms.ChoiceField(
        choices=[(name, name) for group in LIMITS for name in (group.name, *(rule.name for rule in group.rules))]
    )

    subject = forms.RegexField(
        r"^(account|key|client|address|segment):.{1,200}$|^tier:(free|premium|enterprise)$",
        help_text="account:<id>, key:<id>, client:<id>, address:<address>, segment:<name> or tier:<tier>.",
    )

    class Meta:
        model = LimitOverride
        fields = ("group", "subject", "per_minute", "burst", "until")


@admin.register(LimitOverride)
class LimitOverrideAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """Limits instead of the table's; each change is on the record, as through the API."""

    form = LimitOverrideForm
    list_display = ("group", "subject", "per_minute", "burst", "until")
    list_filter = ("group",)
    search_fields = ("=subject",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: LimitOverride, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 -- Django's signature
        """Set the override; it holds within two seconds."""
        override = Override(obj.group, obj.subject, obj.per_minute, obj.burst, obj.until)
        set_override(override, principal=acting_admin(request))
        obj.pk = LimitOverride.objects.get(group=obj.group, subject=obj.subject).pk

    def get_readonly_fields(self, request: HttpRequest, obj: LimitOverride | None = None) -> tuple[str, ...]:
        """Keep group and subject of one that exists: another pair is another override."""
        return ("group", "subject") if obj else ()

    def delete_model(self, request: HttpRequest, obj: LimitOverride) -> None:
        """Go back to the table."""
        remove_override(obj.group, obj.subject, principal=acting_admin(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LimitOverride]) -> None:
        """Go back to the table, one after the other."""
        for override in queryset:
            self.delete_model(request, override)
