"""URLs of the playback process group."""

from django.urls import include, path

from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from mediagateway.urls.platform import platform_urls

urlpatterns = [
    *platform_urls,
    path("api/v1/", include("apps.playback.http.urls")),
    path("api/v1/", include("apps.playback.http.history_urls")),
]
