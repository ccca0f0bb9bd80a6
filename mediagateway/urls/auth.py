"""URLs of the auth process group."""

from django.urls import include, path

from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from mediagateway.urls.platform import platform_urls

urlpatterns = [
    *platform_urls,
    path("api/v1/", include("apps.user.http.urls")),
    path("api/v1/", include("apps.playback.http.history_urls")),
    path("api/v1/", include("apps.auth.http.urls")),
    path("api/v1/admin/", include("apps.auth.http.admin_urls")),
    path(".well-known/", include("apps.auth.http.well_known_urls")),
    path("", include("apps.auth.http.oauth_urls")),
]
