"""
A window on sign-ins and keys for admins; hashes and sealed secrets are not shown even here.

Nothing is edited. What can be done is to end: sessions and API keys, each with its entry in the audit log.
"""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.auth import models
from apps.auth.services.api_keys import revoke_api_key
from apps.auth.services.sessions import end_session
from mediagateway.principal import Principal, Role


class WindowAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """A list and its rows, to look at."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Ending takes the right that deleting would take."""
        return request.user.has_perm(f"authn.delete_{self.opts.model_name}")


@admin.register(models.Session)
class SessionAdmin(WindowAdmin):
    """Sign-ins."""

    list_display = ("id", "account", "address", "user_agent", "created_at", "last_used_at", "ended_at")
    list_select_related = ("account",)
    search_fields = ("account__email",)
    actions = ("end",)

    @admin.action(description="End the selected sessions", permissions=["end"])
    def end(self, request: HttpRequest, chosen: QuerySet[models.Session]) -> None:
        """End sessions; their tokens are good nowhere within five seconds."""
        with transaction.atomic():
            for session in chosen.filter(ended_at__isnull=True):
                end_session(session.id, principal=_acting_for(request, session.account_id))


@admin.register(models.ApiKey)
class ApiKeyAdmin(WindowAdmin):
    """Keys of programs."""

    list_display = ("prefix", "name", "account", "scope", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("account",)
    search_fields = ("account__email", "prefix", "name")
    exclude = ("key_hash",)
    actions = ("revoke",)

    @admin.action(description="Revoke the selected keys", permissions=["end"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[models.ApiKey]) -> None:
        """Revoke keys."""
        with transaction.atomic():
            for key in chosen.filter(revoked_at__isnull=True):
                revoke_api_key(_acting_for(request, key.account_id), key.account_id, key.id)


@admin.register(models.SigningKey)
class SigningKeyAdmin(WindowAdmin):
    """Public halves of the keys that sign tokens; `manage.py rotate_signing_keys` makes a new one."""

    list_display = ("kid", "created_at", "signs_from", "verifies_until")
    exclude = ("sealed_private_key",)


def _acting_for(request: HttpRequest, account_id: Any) -> Principal:  # noqa: ANN401 -- Django's key type
    """Name the admin who acts on somebody's account, for the audit log."""
    return Principal(
        account_id=account_id,
        scopes=frozenset(),
        token_id="admin",  # noqa: S106 -- the admin's own sign-in, which is by session
        role=Role.ADMIN,
        actor_id=request.user.pk,
    )
