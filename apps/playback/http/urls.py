"""URLs of the playback app, relative to /api/v1/."""

from django.urls import path

from apps.playback.http.views import links, sessions

app_name = "playback"
urlpatterns = [
    path("playback/sessions", sessions.SessionListView.as_view(), name="session-list"),
    path("playback/sessions/<uuid:session_id>", sessions.SessionView.as_view(), name="session"),
    path("playback/sessions/<uuid:session_id>/position", sessions.PositionView.as_view(), name="session-position"),
    path("playback/sessions/<uuid:session_id>/heartbeat", sessions.HeartbeatView.as_view(), name="session-heartbeat"),
    path("playback/deep-link", links.DeepLinkView.as_view(), name="deep-link"),
]
