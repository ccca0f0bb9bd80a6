"""Paths below /.well-known/."""

from django.urls import path

from apps.auth.http import well_known

app_name = "authn-well-known"

urlpatterns = [
    path("jwks.json", well_known.key_set, name="key-set"),
    path("openid-configuration", well_known.provider_metadata, name="provider-metadata"),
    path("oauth-authorization-server", well_known.server_metadata, name="server-metadata"),
    path("oauth-protected-resource", well_known.resource_metadata, name="resource-metadata"),
    # RFC 9728 §3.1: a resource's own path comes behind.
    path("oauth-protected-resource/<path:path>", well_known.resource_metadata, name="resource-path-metadata"),
]
