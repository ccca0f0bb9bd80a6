"""URLs of the history, relative to /api/v1/: personal things live under /user, in the groups that serve it."""

from django.urls import path

from apps.playback.http.views import history

app_name = "history"
urlpatterns = [
    path("user/history", history.HistoryView.as_view(), name="list"),
    path("user/history/<uuid:content_id>", history.WatchView.as_view(), name="title"),
]
