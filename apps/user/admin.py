"""Households for those who keep the service running: who they are, never what they watch or like."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.user import models
from apps.user.services.accounts import restore_account
from apps.user.services.administration import erase_account_as_admin, update_account
from mediagateway.admin import acting_admin


class ProfileInline(admin.TabularInline):  # type: ignore[type-arg] # generic in the stubs only
    """People of a household; they are changed by themselves."""

    model = models.Profile
    extra = 0
    can_delete = False
    fields = readonly_fields = ("name", "kind", "is_owner", "region", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody is added from outside."""
        return False


@admin.register(models.Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """Accounts. They are made by registering and go by `purge_accounts`, which asks every app; neither happens here."""

    list_display = ("email", "role", "tier", "is_active", "is_staff", "email_verified_at", "created_at", "purge_at")
    list_filter = ("role", "tier", "is_active", "is_staff", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=email", "=id")
    search_help_text = "The exact address or id."
    ordering = ("-created_at",)
    show_full_result_count = False
    fields = ("email", "role", "tier", "is_active", "is_staff", *("email_verified_at", "created_at", "last_login"))
    readonly_fields = ("email", "email_verified_at", "created_at", "last_login")
    list_per_page = 50
    inlines: ClassVar = [ProfileInline]
    actions = ("erase", "restore")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An account comes with its owner's profile, which this page would not make."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deleting here would leave behind what other apps have."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Account, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 -- Django's signature
        """Change what was changed, as the API does: on the record, and with an end to sessions that may do less now."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        update_account(obj.pk, changes, principal=acting_admin(request), expect=lambda _version: None)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Account | None = None) -> tuple[str, ...]:
        """Leave one's own rights to another admin."""
        own = ("role", "is_active", "is_staff") if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    @admin.action(description="Erase the selected accounts; they can be restored for 30 days")
    def erase(self, request: HttpRequest, chosen: QuerySet[models.Account]) -> None:
        """Close accounts as their owners could."""
        for account in chosen.filter(deleted_at__isnull=True):
            if account.pk == request.user.pk:
                self.message_user(request, "Another admin has to erase your own account.", messages.WARNING)
                continue
            erase_account_as_admin(account.pk, principal=acting_admin(request), now=timezone.now())

    @admin.action(description="Restore the selected erased accounts")
    def restore(self, request: HttpRequest, chosen: QuerySet[models.Account]) -> None:
        """Open accounts again while there is time."""
        now = timezone.now()
        for account in chosen.filter(purge_at__gt=now):
            restore_account(account.pk, principal=acting_admin(request), now=now)
