"""The settings that search reads."""

from django.conf import settings


def query_log_days() -> int:
    """How long a logged query is kept, in days; 0 logs none."""
    return int(settings.QUERY_LOG_DAYS)


def query_log_interval_s() -> float:
    """Seconds between two writes of the query log; 0 leaves the writing to whoever calls `flush`."""
    return float(settings.QUERY_LOG_INTERVAL_S)
