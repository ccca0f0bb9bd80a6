"""Paths of search, relative to /api/v1/."""

from django.urls import path

from apps.search.http import views

app_name = "search"

urlpatterns = [
    path("search", views.SearchView.as_view(), name="title-search"),
    path("search/semantic", views.SemanticView.as_view(), name="story-search"),
    path("search/similar/<uuid:title_id>", views.SimilarView.as_view(), name="similar-list"),
    path("search/autocomplete", views.AutocompleteView.as_view(), name="suggestion-list"),
]
