"""Paths for admins, relative to /api/v1/admin/."""

from django.urls import path

from apps.auth.http.views import admin_audit, admin_limits

app_name = "authn-admin"

urlpatterns = [
    path("audit-logs", admin_audit.AuditLogView.as_view(), name="audit-entry-list"),
    path("rate-limits", admin_limits.LimitListView.as_view(), name="limit-list"),
    path("rate-limits/<slug:group>/<path:subject>", admin_limits.LimitOverrideView.as_view(), name="limit-override"),
]
