"""URLs of the api process group: everything."""

from django.contrib import admin
from django.urls import include, path
from django_ratelimit.decorators import ratelimit

from mediagateway.limits.subjects import page_key
from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from mediagateway.urls.platform import platform_urls

urlpatterns = [
    path("api/v1/", include("apps.search.http.urls")),
    path("api/v1/", include("apps.content.http.urls")),
    path("api/v1/", include("apps.discover.http.urls")),
    path("api/v1/", include("apps.sona.http.content_urls")),
    path("api/v1/", include("apps.sona.http.urls")),
    path("api/v1/", include("apps.user.http.urls")),
    path("api/v1/", include("apps.playback.http.urls")),
    path("api/v1/", include("apps.playback.http.history_urls")),
    path("api/v1/", include("apps.sync.http.urls")),
    path("api/v1/", include("apps.sync.http.user_urls")),
    path("", include("apps.sync.http.socket_urls")),
    path("api/v1/", include("apps.auth.http.urls")),
    path("api/v1/admin/", include("apps.auth.http.admin_urls")),
    path("api/v1/admin/search/", include("apps.search.http.admin_urls")),
    path("", include("apps.mcp.http.urls")),
    path(".well-known/", include("apps.auth.http.well_known_urls")),
    path("", include("apps.auth.http.oauth_urls")),
    # After the busy ones: Django tries pattern after pattern, for each request anew.
    *platform_urls,
    # In front of the admin's own: the same page, and ten guesses a minute.
    path("admin/login/", ratelimit(key=page_key, rate="10/m", method="POST")(admin.site.login)),
    path("admin/", admin.site.urls),
]
