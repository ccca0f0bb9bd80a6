"""Writers that overlap wait for one another, and neither loses a change nor deadlocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection

from apps.content.api import apply_snapshot, save_titles
from apps.content.contracts import CreditDraft, OfferTerms, OfferType, Role, SnapshotKey, TitleDraft
from apps.content.models import Credit, Offer, Person, Title
from apps.content.tests.factories import TitleDraftFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
]

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_Result = TypeVar("_Result")


def _at_once(*tasks: Callable[[], _Result]) -> list[_Result]:
    """Run tasks in threads that start together, each with a connection of its own."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], _Result]) -> _Result:
        try:
            start.wait(timeout=10)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, task) for task in tasks]]


def _drafts() -> list[TitleDraft]:
    cast = tuple(CreditDraft(f"Actor {number}", Role.ACTOR) for number in range(40))
    return [TitleDraftFactory.build(credits=cast) for _ in range(20)]


def test_savers_of_the_same_people_both_succeed():
    """Two batches that bring one cast, in opposite orders, do not deadlock."""
    one, other = _drafts(), [replace(draft, credits=draft.credits[::-1]) for draft in _drafts()]

    _at_once(lambda: save_titles(one, at=_AT), lambda: save_titles(other, at=_AT))

    assert Title.objects.count() == 40
    assert Person.objects.count() == 40
    assert Credit.objects.count() == 1600


def test_savers_of_the_same_titles_wait_for_one_another():
    """Opposite orders of titles do not deadlock, and both changes are made."""
    drafts = _drafts()
    save_titles(drafts, at=_AT)
    one, other = ([replace(draft, synopsis=text) for draft in drafts] for text in ("One.", "Other."))

    _at_once(lambda: save_titles(one, at=_AT), lambda: save_titles(other[::-1], at=_AT))

    assert set(Title.objects.values_list("version", flat=True)) == {3}


def test_a_title_is_created_once():
    """Of two that create the same titles at once, one may fail as a whole; saving again finds everything there."""
    drafts = _drafts()

    def save() -> bool:
        try:
            save_titles(drafts, at=_AT)
        except IntegrityError:
            return False
        return True

    assert any(_at_once(save, save))
    assert len(save_titles(drafts, at=_AT).unchanged) == 20


def test_every_save_counts_in_the_version():
    """Four changes at once are four versions."""
    draft = TitleDraftFactory.build()
    save_titles([draft], at=_AT)
    changed = [TitleDraftFactory.build(id=draft.id, title=f"Title {letter}") for letter in "abcd"]

    _at_once(*(lambda one=one: save_titles([one], at=_AT) for one in changed))

    assert Title.objects.get().version == 5


def test_listings_of_one_shelf_are_applied_one_after_the_other():
    """Two sources at once leave one current offer a title, whoever came first."""
    drafts = _drafts()
    save_titles(drafts, at=_AT)
    claims = [(draft.id, OfferTerms(type=OfferType.SUBSCRIPTION)) for draft in drafts]

    def listing(source: str, day: int) -> None:
        key = SnapshotKey(source=source, platform="netflix", region="US", as_of=_AT + timedelta(days=day))
        apply_snapshot(key, claims, content_sha256=f"{day:064}", at=_AT)

    _at_once(lambda: listing("editorial", 1), lambda: listing("kaggle-csv", 2), lambda: listing("editorial", 3))

    assert Offer.objects.filter(superseded_at=None).count() == 20
    assert set(Offer.objects.values_list("first_seen", flat=True)) == {_AT + timedelta(days=1)}
