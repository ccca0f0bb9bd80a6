"""What happens to operations and live connections, as metrics."""

from prometheus_client import Counter

SIGNALS_LOST = Counter("mg_sync_signals_lost_total", "Signals to live connections that Redis did not take.")
