"""Paths below /.well-known/."""

from django.urls import path

from apps.auth.http import well_known

app_name = "authn-well-known"

urlpatterns = [path("jwks.json", well_known.key_set, name="key-set")]
