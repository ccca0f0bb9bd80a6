"""Many starts at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.playback.contracts import SessionDraft
from apps.playback.errors import StreamLimitError
from apps.playback.models import Session
from apps.playback.services.sessions import start_session
from apps.user.api import get_viewer
from apps.user.tests.factories import make_account, principal_for


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_of_many_starts_at_once_the_limit_lets_in_two():
    now, title = timezone.now(), TitleFactory.create()
    viewer = get_viewer(principal_for(make_account()))

    def start(_):
        """Start once, and say whether there was a place."""
        try:
            start_session(viewer, SessionDraft(title.id), now=now)
        except StreamLimitError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(start, range(24)))

    assert outcomes.count(True) == Session.objects.count() == 2
