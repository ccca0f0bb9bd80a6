"""Households for those who keep the service running: who they are, never what they watch or like."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.user import models


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
    inlines: ClassVar = [ProfileInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An account comes with its owner's profile, which this page would not make."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deleting here would leave behind what other apps have."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Account, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 -- Django's signature
        """Move the version with the change, so that what others keep of the account is read again."""
        obj.version += 1
        super().save_model(request, obj, form, change)
