"""URLs of the mcp app."""

from django.urls import path

from apps.mcp.http import manifests
from apps.mcp.http.views import McpView

app_name = "mcp"
urlpatterns = [
    path("mcp", McpView.as_view(), name="mcp"),
    path(".well-known/arw-manifest.json", manifests.arw_manifest, name="arw-manifest"),
    path("llms.txt", manifests.llms_txt, name="llms-txt"),
]
