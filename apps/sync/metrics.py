"""What happens to operations and live connections, as metrics."""

from prometheus_client import Counter, Gauge, Histogram

from mediagateway.telemetry.metrics import declare

SIGNALS_LOST = Counter("mg_sync_signals_lost_total", "Signals to live connections that Redis did not take.")
CONNECTIONS = Gauge(
    "mg_sync_connections", "Live connections that are open, by kind.", ["kind"], multiprocess_mode="livesum"
)
for _kind in ("websocket", "sse"):
    CONNECTIONS.labels(_kind).set(0)
MESSAGES = declare(
    Counter("mg_sync_messages_total", "Messages on live connections, by direction.", ["direction"]), ("in", "out")
)
DELIVERY_SECONDS = Histogram(
    "mg_sync_delivery_seconds",
    "From the receipt of an operation until it is queued for the person's other connections.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0),
)
