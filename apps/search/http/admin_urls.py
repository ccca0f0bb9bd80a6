"""Paths of search for admins, relative to /api/v1/admin/search/."""

from django.urls import path

from apps.search.http.views import admin_analytics

app_name = "search-admin"

urlpatterns = [
    path("analytics", admin_analytics.AnalyticsView.as_view(), name="analytics"),
]
