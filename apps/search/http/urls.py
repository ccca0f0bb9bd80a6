"""Paths of search, relative to /api/v1/."""

from django.urls import path

from apps.search.http import views

app_name = "search"

urlpatterns = [
    path("search", views.SearchView.as_view(), name="title-search"),
    path("search/autocomplete", views.AutocompleteView.as_view(), name="suggestion-list"),
]
