"""URLs of the mcp process group."""

from django.urls import include, path

from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from mediagateway.urls.platform import platform_urls

urlpatterns = [path("", include("apps.mcp.http.urls")), *platform_urls]
