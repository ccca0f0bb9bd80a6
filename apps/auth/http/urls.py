"""Paths of auth, relative to /api/v1/."""

from django.urls import path

from apps.auth.http.views import api_keys, mfa, passwords, sessions, sign_in

app_name = "authn"

urlpatterns = [
    path("auth/register", sign_in.RegisterView.as_view(), name="account-register"),
    path("auth/login", sign_in.LoginView.as_view(), name="session-create"),
    path("auth/refresh", sign_in.RefreshView.as_view(), name="session-refresh"),
    path("auth/logout", sign_in.LogoutView.as_view(), name="session-end"),
    path("auth/profile", sign_in.ProfileSwitchView.as_view(), name="profile-switch"),
    path("auth/verify-email", sign_in.VerifyEmailView.as_view(), name="email-verify"),
    path("auth/resend-verification", sign_in.ResendVerificationView.as_view(), name="email-resend"),
    path("auth/password/forgot", passwords.ForgotView.as_view(), name="password-forget"),
    path("auth/password/reset", passwords.ResetView.as_view(), name="password-reset"),
    path("auth/password/change", passwords.ChangeView.as_view(), name="password-change"),
    path("auth/sessions", sessions.SessionListView.as_view(), name="session-list"),
    path("auth/sessions/<uuid:session_id>", sessions.SessionView.as_view(), name="session-revoke"),
    path("auth/mfa/enroll", mfa.EnrollView.as_view(), name="mfa-enroll"),
    path("auth/mfa/verify", mfa.VerifyView.as_view(), name="mfa-verify"),
    path("auth/mfa/challenge", mfa.ChallengeView.as_view(), name="mfa-challenge"),
    path("auth/mfa/disable", mfa.DisableView.as_view(), name="mfa-disable"),
    path("auth/mfa/backup-codes", mfa.BackupCodesView.as_view(), name="backup-code-replace"),
    path("auth/api-keys", api_keys.ApiKeyListView.as_view(), name="api-key-list"),
    path("auth/api-keys/<uuid:key_id>", api_keys.ApiKeyView.as_view(), name="api-key-revoke"),
]
