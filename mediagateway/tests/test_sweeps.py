"""What is kept no longer goes, whoever has it."""

from datetime import datetime

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from structlog.testing import capture_logs

from mediagateway.sweeps import sweep_all

pytestmark = pytest.mark.django_db
SWEPT: list[datetime] = []


def note(*, now):
    """A sweep of a test."""
    SWEPT.append(now)
    return 3


def fail(*, now):
    """A sweep that fails."""
    raise RuntimeError("no luck")


def test_every_sweep_of_the_settings_exists_and_runs():
    with capture_logs() as logs:
        sweep_all(now=timezone.now())

    assert [entry["sweeper"] for entry in logs if entry["event"] == "sweep.finished"] == list(django_settings.SWEEPERS)


def test_a_failure_is_not_hidden_and_those_before_it_have_run(settings):
    settings.SWEEPERS = (f"{__name__}.note", f"{__name__}.fail")
    SWEPT.clear()
    now = timezone.now()

    with pytest.raises(RuntimeError, match="no luck"):
        sweep_all(now=now)

    assert [now] == SWEPT
