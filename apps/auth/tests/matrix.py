"""Examples of the auth app's operations."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apps.auth.adapters.vault import seal
from apps.auth.domain.secrets import hash_secret
from apps.auth.domain.totp import compute_code, new_totp_secret
from apps.auth.models import ApiKey, OneTimeToken, RefreshToken, Session, TotpDevice
from apps.auth.tests.factories import PASSWORD, make_account
from mediagateway.limits.overrides import Override, set_override
from mediagateway.testing.matrix import Example

_MAILED = "mailed-token"
_NEW_PASSWORD = "nanoseconds of wire"
_CLIENT = {
    "name": "Example TV",
    "kind": "confidential",
    "redirect_uris": ["https://tv.example.com/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "scopes": ["read:content", "openid"],
}
_OVERRIDE = {"group": "search", "subject": "address:192.0.2.1"}


def _session(home):
    return {"session_id": Session.objects.create(account=home.account, expires_at=home.session.expires_at).id}


def _api_key(home):
    key = ApiKey.objects.create(
        account=home.account, name="cron", prefix="mg_live_x", key_hash=uuid4().hex, scope="read:profile"
    )
    return {"key_id": key.id}


def _refresh(home):
    RefreshToken.objects.create(session=home.session, token_hash=hash_secret("r"), expires_at=home.session.expires_at)
    return {"refresh_token": "r"}


def _mail(purpose, **members):
    def make(home):
        OneTimeToken.objects.create(
            account=home.account,
            purpose=purpose,
            token_hash=hash_secret(_MAILED),
            expires_at=timezone.now() + timedelta(hours=1),
        )
        return {"token": _MAILED, **members}

    return make


def _enrol(home, *, confirmed_at):
    secret = new_totp_secret()
    sealed = seal(secret, purpose=f"totp-secret:{home.account.id}")
    TotpDevice.objects.create(account=home.account, sealed_secret=sealed, confirmed_at=confirmed_at)
    return compute_code(secret, int(timezone.now().timestamp()) // 30)


def _code(home):
    """A code of the app, which is the household's second factor."""
    return {"code": _enrol(home, confirmed_at=timezone.now())}


def _challenge(home):
    home.set_password()
    code = _code(home)
    waiting = home.post("auth/login", {"email": home.account.email, "password": PASSWORD})
    return {"mfa_token": waiting["mfa_token"], **code}


def _login(home):
    home.set_password()
    return {"email": home.account.email, "password": PASSWORD}


def _somebody(_home):
    return {"account_id": make_account("somebody@example.com").id}


def _somebody_erased(_home):
    now = timezone.now()
    return {"account_id": make_account("erased@example.com", deleted_at=now, purge_at=now + timedelta(days=30)).id}


def _client(home):
    return {"key": home.post("admin/oauth-clients", _CLIENT)["id"]}


def _override(_home):
    set_override(Override(_OVERRIDE["group"], _OVERRIDE["subject"], per_minute=9, burst=9), principal=None)
    return _OVERRIDE


EXAMPLES = {
    "auth_account_register": Example(body={"email": "new@example.com", "password": _NEW_PASSWORD}),
    "auth_session_create": Example(body=_login),
    "auth_session_refresh": Example(body=_refresh),
    "auth_session_end": Example(),
    "auth_profile_switch": Example(body=lambda home: {"profile_id": home.child.id}),
    "auth_email_verify": Example(body=_mail(OneTimeToken.Purpose.VERIFY_EMAIL)),
    "auth_email_resend": Example(body={"email": "nobody@example.com"}),
    "auth_password_forget": Example(body={"email": "nobody@example.com"}),
    "auth_password_reset": Example(body=_mail(OneTimeToken.Purpose.RESET_PASSWORD, new_password=_NEW_PASSWORD)),
    "auth_password_change": Example(
        body={"current_password": PASSWORD, "new_password": _NEW_PASSWORD},
        given=lambda home: home.set_password(),
        child=403,
        others=401,
    ),
    "auth_session_list": Example(given=_session, child=403),
    "auth_session_revoke": Example(_session, child=403),
    "auth_mfa_enroll": Example(child=403),
    "auth_mfa_verify": Example(body=lambda home: {"code": _enrol(home, confirmed_at=None)}, child=403, others=409),
    "auth_mfa_challenge": Example(body=_challenge),
    "auth_mfa_disable": Example(
        body=lambda home: {"password": PASSWORD, **_code(home)},
        given=lambda home: home.set_password(),
        child=403,
        others=401,
    ),
    "auth_mfa_replace_codes": Example(body=_code, child=403, others=409),
    "auth_api_key_list": Example(given=_api_key, child=403),
    "auth_api_key_create": Example(body={"name": "cron", "scopes": ["read:profile"]}, child=403),
    "auth_api_key_revoke": Example(_api_key, child=403),
    "auth_account_list": Example(query="email=example&state=open"),
    "auth_account_get": Example(_somebody),
    "auth_account_update": Example(_somebody, body={"tier": "premium"}),
    "auth_account_erase": Example(_somebody),
    "auth_account_restore": Example(_somebody_erased),
    "auth_account_impersonate": Example(_somebody, body={"reason": "Asked for help."}),
    "auth_audit_entries_list": Example(),
    "auth_oauth_client_list": Example(given=_client),
    "auth_oauth_client_create": Example(body=_CLIENT),
    "auth_oauth_client_get": Example(_client),
    "auth_oauth_client_change": Example(_client, body={"name": "Another TV"}),
    "auth_oauth_client_disable": Example(_client),
    "auth_oauth_client_replace_secret": Example(_client),
    "auth_rate_limits_get": Example(),
    "auth_rate_limit_get": Example(_override),
    "auth_rate_limit_set": Example(_OVERRIDE, body={"per_minute": 9, "burst": 9}),
    "auth_rate_limit_remove": Example(_override),
}
