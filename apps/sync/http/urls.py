"""URLs of the sync app, relative to /api/v1/."""

from django.urls import path

from apps.sync.http.views import devices, lists, live, operations

app_name = "sync"
_device = "sync/devices/<uuid:device_id>"
urlpatterns = [
    path("sync/watchlist", operations.WatchlistOperationView.as_view(), name="watchlist-change"),
    path("sync/progress", operations.ProgressOperationView.as_view(), name="progress-record"),
    path("sync/preferences", operations.PreferenceOperationView.as_view(), name="preference-set"),
    path("sync/delta", operations.DeltaView.as_view(), name="delta-exchange"),
    path("sync/state", lists.StateView.as_view(), name="state"),
    path("sync/history", lists.HistoryView.as_view(), name="history"),
    path("sync/restore", lists.RestoreView.as_view(), name="restore"),
    path("sync/devices", devices.DeviceListView.as_view(), name="device-list"),
    # In front of the path with an id, which it would not match anyway.
    path("sync/devices/handoff", devices.HandoffView.as_view(), name="device-handoff"),
    path(_device, devices.DeviceView.as_view(), name="device"),
    path(f"{_device}/heartbeat", devices.HeartbeatView.as_view(), name="device-heartbeat"),
    path(f"{_device}/commands", devices.CommandListView.as_view(), name="command-list"),
    path(f"{_device}/commands/<uuid:command_id>", devices.CommandView.as_view(), name="command"),
    path("sync/ticket", live.TicketView.as_view(), name="ticket"),
    path("sync/events", live.EventStreamView.as_view(), name="event-stream"),
]
