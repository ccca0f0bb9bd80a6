"""The admin shows runs and records, and lets nobody change them."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from apps.content import api as content
from apps.ingestion.adapters.feed_files import FeedRow
from apps.ingestion.models import IngestionRun, StagedRecord
from apps.ingestion.services.arrivals import read_arrival
from apps.ingestion.services.batches import ingest_batch
from apps.ingestion.tests.factories import DAY_2022, justwatch_row, make_shelf

pytestmark = [pytest.mark.django_db, pytest.mark.urls("mediagateway.urls.api")]


@pytest.fixture
def record(admin_client) -> StagedRecord:
    IngestionRun.objects.create(source="justwatch-csv", as_of=DAY_2022, content_sha256="0", started_at=timezone.now())
    shelf = make_shelf()
    arrival = read_arrival(FeedRow("feed.csv#2", justwatch_row(), "{}"), shelf, taken_ids=set())
    ingest_batch([arrival], shelf, ranks=content.get_source_ranks(), run=None, at=timezone.now())
    return StagedRecord.objects.get()


@pytest.mark.parametrize("model", ["ingestionrun", "stagedrecord"])
def test_lists_are_shown_and_offer_no_addition(admin_client, record, model):
    page = admin_client.get(reverse(f"admin:ingestion_{model}_changelist"))

    assert page.status_code == 200
    assert admin_client.get(reverse(f"admin:ingestion_{model}_add")).status_code == 403


def test_a_record_is_found_by_its_id_and_cannot_be_changed(admin_client, record):
    found = admin_client.get(reverse("admin:ingestion_stagedrecord_changelist"), {"q": "tm1"})
    page = admin_client.get(reverse("admin:ingestion_stagedrecord_change", args=[record.pk]))

    assert b"justwatch-csv/netflix/tm1" in found.content
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert get_user_model().objects.filter(is_staff=True).exists()
