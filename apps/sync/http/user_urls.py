"""The watchlist among what belongs to a user, relative to /api/v1/."""

from django.urls import path

from apps.sync.http.views import watchlist

app_name = "sync-user"
urlpatterns = [
    path("user/watchlist", watchlist.WatchlistView.as_view(), name="watchlist"),
    path("user/watchlist/<uuid:content_id>", watchlist.WatchlistItemView.as_view(), name="watchlist-item"),
]
