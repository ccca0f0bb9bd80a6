"""URLs of the playback app, relative to /api/v1/."""

from django.urls import path

from apps.playback.http.views import control, links, progress, sessions

app_name = "playback"
urlpatterns = [
    path("playback/sessions", sessions.SessionListView.as_view(), name="session-list"),
    path("playback/sessions/<uuid:session_id>", sessions.SessionView.as_view(), name="session"),
    path("playback/sessions/<uuid:session_id>/position", sessions.PositionView.as_view(), name="session-position"),
    path("playback/sessions/<uuid:session_id>/heartbeat", sessions.HeartbeatView.as_view(), name="session-heartbeat"),
    path("playback/continue-watching", progress.ContinueListView.as_view(), name="continue-list"),
    path("playback/continue-watching/<uuid:content_id>", progress.ContinueView.as_view(), name="continue"),
    path("playback/progress", progress.ProgressView.as_view(), name="progress"),
    path("playback/control", control.ControlView.as_view(), name="control"),
    path("playback/deep-link", links.DeepLinkView.as_view(), name="deep-link"),
]
