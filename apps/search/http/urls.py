"""URLs of the search app, relative to /api/v1/."""

from django.urls import URLPattern

app_name = "search"
urlpatterns: list[URLPattern] = []
