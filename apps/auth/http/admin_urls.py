"""Paths for admins, relative to /api/v1/admin/."""

from django.urls import path

from apps.auth.http.views import admin_audit, admin_clients, admin_limits, admin_users

app_name = "authn-admin"

urlpatterns = [
    path("users", admin_users.AccountListView.as_view(), name="account-list"),
    path("users/<uuid:account_id>", admin_users.AccountView.as_view(), name="account"),
    path("users/<uuid:account_id>/restore", admin_users.AccountRestoreView.as_view(), name="account-restore"),
    path("users/<uuid:account_id>/impersonate", admin_users.ImpersonationView.as_view(), name="account-impersonate"),
    path("audit-logs", admin_audit.AuditLogView.as_view(), name="audit-entry-list"),
    path("oauth-clients", admin_clients.ClientListView.as_view(), name="oauth-client-list"),
    path("oauth-clients/<uuid:key>", admin_clients.ClientView.as_view(), name="oauth-client-detail"),
    path("oauth-clients/<uuid:key>/secret", admin_clients.ClientSecretView.as_view(), name="oauth-client-secret"),
    path("rate-limits", admin_limits.LimitListView.as_view(), name="limit-list"),
    path("rate-limits/<slug:group>/<path:subject>", admin_limits.LimitOverrideView.as_view(), name="limit-override"),
]
