"""URLs of the content app, relative to /api/v1/."""

from django.urls import path

from apps.content.http.views import lists, reference, titles

app_name = "content"
urlpatterns = [
    path("status", reference.StatusView.as_view(), name="status-get"),
    path("content", lists.TitleListView.as_view(), name="title-list"),
    path("content/new", lists.NewTitleListView.as_view(), name="new-title-list"),
    path("content/expiring", lists.ExpiringOfferListView.as_view(), name="expiring-offer-list"),
    path("content/batch", lists.TitleBatchView.as_view(), name="title-batch"),
    path("content/<uuid:title_id>", titles.TitleDetailView.as_view(), name="title-get"),
    path("content/<uuid:title_id>/availability", titles.AvailabilityView.as_view(), name="availability-get"),
    path("content/<uuid:title_id>/credits", titles.CreditListView.as_view(), name="credit-list"),
    path("content/<uuid:title_id>/seasons", titles.SeasonListView.as_view(), name="season-list"),
    path("content/<uuid:title_id>/seasons/<int:number>", titles.SeasonView.as_view(), name="season-get"),
    path(
        "content/<uuid:title_id>/seasons/<int:number>/episodes", titles.EpisodeListView.as_view(), name="episode-list"
    ),
    path("movies/popular", lists.PopularMovieListView.as_view(), name="popular-movie-list"),
    path("tv/popular", lists.PopularSeriesListView.as_view(), name="popular-series-list"),
    path("genres", reference.GenreListView.as_view(), name="genre-list"),
    path("platforms", reference.PlatformListView.as_view(), name="platform-list"),
    path("platforms/<slug:slug>", reference.PlatformView.as_view(), name="platform-get"),
    path("platforms/<slug:slug>/catalog", lists.PlatformCatalogueView.as_view(), name="platform-title-list"),
    path("people/<uuid:person_id>", reference.PersonView.as_view(), name="person-get"),
]
