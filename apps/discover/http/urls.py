"""URLs of the discover app, relative to /api/v1/; trends stand under /content, where clients look for them."""

from django.urls import path

from apps.discover.http.views import browsing, planning

app_name = "discover"
urlpatterns = [
    path("content/trending", browsing.TrendingListView.as_view(), name="trending-list"),
    path("discover/movies", browsing.MovieListView.as_view(), name="movie-list"),
    path("discover/tv", browsing.SeriesListView.as_view(), name="series-list"),
    path("discover/rows", browsing.RowListView.as_view(), name="row-list"),
    path("discover/tonight", planning.TonightView.as_view(), name="tonight"),
    path("discover/plan", planning.PlanView.as_view(), name="plan"),
]
