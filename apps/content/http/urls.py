"""URLs of the content app, relative to /api/v1/."""

from django.urls import URLPattern

app_name = "content"
urlpatterns: list[URLPattern] = []
