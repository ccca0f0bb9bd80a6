"""
A window on sign-ins and keys for admins; hashes and sealed secrets are not shown even here.

Nothing is edited but by the services, each act with its entry in the audit log: sessions and API keys are ended, OAuth
clients are registered, given a new secret and disabled.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.auth import models
from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.services.api_keys import revoke_api_key
from apps.auth.services.clients import ClientFacts, check_client, create_client, disable_client, replace_secret
from apps.auth.services.sessions import end_session
from mediagateway.errors import InvalidInputError
from mediagateway.principal import Principal, Role, Tier
from mediagateway.scopes import SCOPES, scopes_of


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


class ClientForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs only
    """What is said of a new client."""

    redirect_uris = forms.CharField(widget=forms.Textarea, required=False, help_text="One address on each line.")
    grant_types = forms.MultipleChoiceField(
        choices=[(grant.value, grant.name) for grant in GrantType], widget=forms.CheckboxSelectMultiple
    )
    scope = forms.MultipleChoiceField(
        choices=[(scope, f"{scope}: {text}") for scope, text in SCOPES.items()], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = models.OAuthClient
        fields = ("name", "kind", "redirect_uris", "grant_types", "scope", "tier", "is_resource_server")

    def clean(self) -> dict[str, Any]:
        """
        Check that it fits together.

        Raises:
            ValidationError: It does not.
        """
        super().clean()
        if not self.errors:
            try:
                check_client(self.facts())
            except InvalidInputError as err:
                raise ValidationError([error.detail for error in err.errors]) from err
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Leave the row to the service, which knows its secret."""

    def facts(self) -> ClientFacts:
        """Give what the service takes."""
        said = self.cleaned_data
        return ClientFacts(
            name=said["name"],
            kind=ClientKind(said["kind"]),
            redirect_uris=tuple(said["redirect_uris"].split()),
            grant_types=frozenset(GrantType(name) for name in said["grant_types"]),
            scopes=frozenset(said["scope"]),
            tier=Tier(said["tier"]),
            is_resource_server=said["is_resource_server"],
        )


@admin.register(models.OAuthClient)
class OAuthClientAdmin(WindowAdmin):
    """Programs that people let act for them."""

    form = ClientForm
    list_display = ("name", "client_id", "kind", "scope", "created_at", "disabled_at")
    search_fields = ("name", "=client_id")
    actions = ("replace_secrets", "disable")

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Show all but the hash."""
        return ("secret_hash",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who may add."""
        return request.user.has_perm("authn.add_oauthclient")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 -- Django's
        """Register a client, and show its secret this once."""
        secret, client = create_client(form.facts(), principal=_admin(request))
        obj.pk = client.id
        self._show(request, client.client_id, secret)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override] # noqa: ANN401 -- Django's
        """Leave it to the audit log."""

    @admin.action(description="Give the selected clients new secrets", permissions=["end"])
    def replace_secrets(self, request: HttpRequest, chosen: QuerySet[models.OAuthClient]) -> None:
        """Make new secrets, shown this once; those before are good no more."""
        for client in chosen.filter(disabled_at__isnull=True, kind=ClientKind.CONFIDENTIAL):
            secret, _ = replace_secret(client.id, principal=_admin(request))
            self._show(request, client.client_id, secret)

    @admin.action(description="Disable the selected clients for good", permissions=["end"])
    def disable(self, request: HttpRequest, chosen: QuerySet[models.OAuthClient]) -> None:
        """Disable clients; what they hold is good nowhere within five seconds."""
        with transaction.atomic():
            for client in chosen.filter(disabled_at__isnull=True):
                disable_client(client.id, principal=_admin(request))

    def _show(self, request: HttpRequest, client_id: str, secret: str) -> None:
        shown = f"The secret of {client_id}, shown this once: {secret}" if secret else f"{client_id} has no secret."
        self.message_user(request, shown, messages.WARNING)


def _admin(request: HttpRequest) -> Principal:
    """Name the admin who acts for the service."""
    return Principal(
        account_id=request.user.pk,
        scopes=scopes_of(Role.ADMIN if request.user.is_superuser else Role.USER),
        token_id="admin",  # noqa: S106 -- the admin's own sign-in, which is by session
        role=Role.ADMIN,
    )


def _acting_for(request: HttpRequest, account_id: Any) -> Principal:  # noqa: ANN401 -- Django's key type
    """Name the admin who acts on somebody's account, for the audit log."""
    return Principal(
        account_id=account_id,
        scopes=frozenset(),
        token_id="admin",  # noqa: S106 -- the admin's own sign-in, which is by session
        role=Role.ADMIN,
        actor_id=request.user.pk,
    )
