"""What auth takes and gives over HTTP."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.auth.domain.access_tokens import LIFETIME_S
from mediagateway.http.queries import IdField, PlainTextField, StrictSerializer
from mediagateway.scopes import ADMIN_SCOPES, USER_SCOPES


class EmailField(serializers.EmailField):
    """An e-mail address, kept in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        """Read up to 254 characters (RFC 5321)."""
        super().__init__(max_length=254, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Write it as accounts keep it."""
        return str(super().to_internal_value(data)).strip().lower()


class SecretField(serializers.CharField):
    """A password, token or code; shown nowhere."""

    def __init__(self, **kwargs: Any) -> None:
        """Take it as it is, blanks and all."""
        options = {"max_length": settings.MAX_PASSWORD_LENGTH, "trim_whitespace": False, **kwargs}
        super().__init__(style={"input_type": "password"}, **options)


class CodeField(serializers.CharField):
    """A code of the authenticator app, or a backup code."""

    def __init__(self, **kwargs: Any) -> None:
        """Read what people type."""
        super().__init__(max_length=16, **kwargs)


class RegisterBody(StrictSerializer):
    """Who wants an account."""

    email = EmailField()
    password = SecretField(help_text="10 to 128 characters, not common, not like the address.")
    display_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=64)


class LoginBody(StrictSerializer):
    """Who signs in."""

    email = EmailField()
    password = SecretField()
    restore = serializers.BooleanField(
        required=False, default=False, help_text="Open an account again that was erased less than 30 days ago."
    )


class RefreshBody(StrictSerializer):
    """The refresh token that is exchanged."""

    refresh_token = SecretField(max_length=256)


class ProfileSwitchBody(StrictSerializer):
    """Who watches from now on."""

    profile_id = IdField()
    pin = serializers.RegexField(r"^[0-9]{4,8}\Z", required=False, allow_null=True, default=None)


class TokenBody(StrictSerializer):
    """The token of an e-mail."""

    token = SecretField(max_length=256)


class EmailBody(StrictSerializer):
    """An address that may have an account."""

    email = EmailField()


class ResetBody(StrictSerializer):
    """A new password, by the token of an e-mail."""

    token = SecretField(max_length=256)
    new_password = SecretField()


class ChangeBody(StrictSerializer):
    """A new password, by the present one."""

    current_password = SecretField()
    new_password = SecretField()
    code = CodeField(required=False, help_text="Needed where there is a second factor.")


class CodeBody(StrictSerializer):
    """A code."""

    code = CodeField()


class ChallengeBody(StrictSerializer):
    """A code, for a sign-in that waits for it."""

    mfa_token = SecretField(max_length=1024)
    code = CodeField()


class DisableBody(StrictSerializer):
    """What it takes to do without a second factor."""

    password = SecretField()
    code = CodeField()


class ApiKeyBody(StrictSerializer):
    """The key that is wanted."""

    name = PlainTextField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(USER_SCOPES | ADMIN_SCOPES)), min_length=1, max_length=40
    )
    expires_in_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=3650)


class Message(serializers.Serializer[Any]):
    """A sentence for a person; the same whatever there is behind it."""

    message = serializers.CharField()


class AccessTokenAnswer(serializers.Serializer[Any]):
    """An access token, as RFC 6749 §5.1 has it."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(help_text=f"Seconds; {LIFETIME_S}.")


class TokenAnswer(AccessTokenAnswer):
    """An access token and the refresh token for the next one."""

    refresh_token = serializers.CharField()
    scope = serializers.CharField(help_text="Space-separated.")


class LoginAnswer(serializers.Serializer[Any]):
    """Tokens; or, where there is a second factor, the token under which `/mfa/challenge` takes its code."""

    access_token = serializers.CharField(required=False)
    token_type = serializers.ChoiceField(choices=["Bearer"], required=False)
    expires_in = serializers.IntegerField(required=False)
    refresh_token = serializers.CharField(required=False)
    scope = serializers.CharField(required=False)
    mfa_required = serializers.BooleanField(required=False)
    mfa_token = serializers.CharField(required=False)


class BackupCodes(serializers.Serializer[Any]):
    """Ten codes, each good once; shown this once."""

    backup_codes = serializers.ListField(child=serializers.CharField())


class NewApiKey(serializers.Serializer[Any]):
    """A key, shown this once."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
