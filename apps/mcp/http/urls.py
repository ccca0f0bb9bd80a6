"""URLs of the mcp app."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from apps.mcp.http import manifests

app_name = "mcp"


def mcp(request: HttpRequest) -> HttpResponseBase:
    """Hand over to the protocol's library, whose import takes longer than that of all our apps: at the first call."""
    from apps.mcp.http.views import McpView

    return McpView.as_view()(request)


urlpatterns = [
    path("mcp", mcp, name="mcp"),
    path(".well-known/arw-manifest.json", manifests.arw_manifest, name="arw-manifest"),
    path("llms.txt", manifests.llms_txt, name="llms-txt"),
]
