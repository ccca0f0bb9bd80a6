"""Paths of search, relative to /api/v1/."""

from django.urls import path

from apps.search.http.views import clicks, saved, titles

app_name = "search"

urlpatterns = [
    path("search", titles.SearchView.as_view(), name="title-search"),
    path("search/semantic", titles.SemanticView.as_view(), name="story-search"),
    path("search/similar/<uuid:title_id>", titles.SimilarView.as_view(), name="similar-list"),
    path("search/clicks", clicks.ClickView.as_view(), name="click-record"),
    path("search/saved", saved.SavedSearchListView.as_view(), name="saved-search-list"),
    path("search/saved/<uuid:search_id>", saved.SavedSearchView.as_view(), name="saved-search"),
    path("search/autocomplete", titles.AutocompleteView.as_view(), name="suggestion-list"),
]
