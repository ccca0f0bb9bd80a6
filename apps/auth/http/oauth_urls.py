"""Paths of the authorization server, relative to the root."""

from django.urls import path

from apps.auth.http.views import authorize, link, oauth

app_name = "authn-oauth"

urlpatterns = [
    path("auth/authorize", authorize.authorize, name="authorize"),
    path("auth/token", oauth.token, name="token"),
    path("auth/revoke", oauth.revoke, name="revoke"),
    path("auth/introspect", oauth.introspect, name="introspect"),
    path("auth/device", oauth.device, name="device"),
    path("auth/userinfo", oauth.userinfo, name="userinfo"),
    path("link", link.link, name="link"),
]
