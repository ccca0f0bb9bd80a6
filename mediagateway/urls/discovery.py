"""URLs of the discovery process group."""

from django.urls import include, path

from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from mediagateway.urls.platform import platform_urls

urlpatterns = [
    path("api/v1/", include("apps.search.http.urls")),
    path("api/v1/", include("apps.content.http.urls")),
    path("api/v1/", include("apps.discover.http.urls")),
    path("api/v1/", include("apps.sona.http.content_urls")),
    # After the busy ones: Django tries pattern after pattern, for each request anew.
    *platform_urls,
]
