"""How fresh the catalogue is, as metrics."""

from collections.abc import Mapping

from django.db.models import Count, F, Max

from apps.ingestion.models import IngestionRun, RecordStatus, RunStatus, StagedRecord
from mediagateway.telemetry.facts import fact


@fact("mg_ingestion_last_run_timestamp_seconds", labels=("source", "platform"))
def find_last_runs() -> Mapping[tuple[str, ...], float]:
    """When a listing was last taken in to its end, Unix time, by source and platform. One SQL statement."""
    return _newest("finished_at")


@fact("mg_ingestion_newest_listing_timestamp_seconds", labels=("source", "platform"))
def find_newest_listings() -> Mapping[tuple[str, ...], float]:
    """Of when the newest listing is, by its own word, Unix time, by source and platform. One SQL statement."""
    return _newest("as_of")


@fact("mg_ingestion_records", labels=("status",))
def count_records() -> Mapping[tuple[str, ...], float]:
    """Records of all sources, by what became of them. One SQL statement."""
    rows = StagedRecord.objects.order_by().values_list("status").annotate(Count("id"))
    return {(status.value,): 0.0 for status in RecordStatus} | {(status,): count for status, count in rows}


def _newest(column: str) -> Mapping[tuple[str, ...], float]:
    finished = IngestionRun.objects.filter(status=RunStatus.FINISHED).order_by()
    rows = finished.values_list("source", "platform").annotate(newest=Max(F(column)))
    return {(source, platform): newest.timestamp() for source, platform, newest in rows}
