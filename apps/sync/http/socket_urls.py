"""The path of the WebSocket, which the live group serves without Django; relative to the root."""

from django.urls import path

from apps.sync.http.views import live

app_name = "sync-live"
urlpatterns = [path("ws", live.SocketView.as_view(), name="socket")]
