"""Search through its door, under the policies of limited viewers."""

from datetime import UTC, datetime

import pytest

from apps.content import api as content
from apps.content.tests.factories import CreditFactory, OfferFactory, PersonFactory, TitleFactory
from apps.search import api
from apps.search.adapters.store import SnapshotStore
from apps.search.models import IndexState, SearchDocument
from apps.search.services import documents
from mediagateway.health import DegradedError
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CHILD = Policy(region="US", max_age=12)


def answer(text, policy, **filters):
    """Search under a policy."""
    return api.search(api.SearchRequest(text, api.Filters(**filters)), policy=policy, now=NOW)


def everything(policy):
    """Collect all that a viewer can learn from search."""
    found = answer("star", policy)
    return (
        [(hit.title.id, hit.score, hit.reasons) for hit in found.hits],
        found.total,
        found.facets,
        [api.autocomplete(text, limit=20, policy=policy) for text in ("st", "star", "smith", "h", "stra wars")],
    )


def test_blocked_titles_leave_no_trace():
    """Two catalogues that differ only in blocked titles are one to a child."""
    visible = TitleFactory.create(title="Star Kids", min_ages={"US": 6}, popularity=0.2)
    CreditFactory.create(title=visible, person=PersonFactory.create(name="Ann Smith"), role="actor")
    documents.index_titles([visible.id])
    before = everything(CHILD)

    for number, min_ages in enumerate(({"US": 18}, {}, {"GB": 15}, {"US": None})):
        blocked = TitleFactory.create(title="Star Wars", min_ages=min_ages, popularity=0.9, genres=["horror"])
        CreditFactory.create(title=blocked, person=PersonFactory.create(name=f"Bob Smith {number}"), role="actor")
        OfferFactory.create(title=blocked)
        documents.index_titles([blocked.id])

    assert everything(CHILD) == before
    assert answer("star", Policy(region="US")).total == 5


def test_a_title_is_found_by_the_name_of_a_character():
    """Many remember who was in a film, and not who played them."""
    title = TitleFactory.create(title="Bright Water", synopsis="A crew hunts a chest.")
    CreditFactory.create(title=title, role="actor", character="Jack Sparrow")
    other = TitleFactory.create(title="Dark Water", synopsis="A crew hunts a whale.")
    documents.index_titles([title.id, other.id])

    hits = answer("the one with jack sparrow", Policy(region="US")).hits

    assert [hit.title.id for hit in hits] == [title.id]


def test_blocked_genres_are_hidden_and_not_suggested():
    policy = Policy(region="US", blocked_genres=frozenset({"horror"}))
    title = TitleFactory.create(title="Star", genres=["drama", "horror"])
    documents.index_titles([title.id])

    assert answer("star", policy).total == 0
    assert api.autocomplete("horr", limit=10, policy=policy) == ()


def test_unrated_titles_can_be_allowed():
    title = TitleFactory.create(title="Star", min_ages={})
    documents.index_titles([title.id])

    assert answer("star", CHILD).total == 0
    assert answer("star", Policy(region="US", max_age=12, allow_unrated=True)).total == 1


def test_my_services_narrows_only_when_asked():
    paid, other = TitleFactory.create(title="Star Paid"), TitleFactory.create(title="Star Other")
    OfferFactory.create(title=paid, platform_id="netflix", region="US")
    OfferFactory.create(title=other, platform_id="hulu", region="US")
    documents.index_titles([paid.id, other.id])
    policy = Policy(region="US", services=frozenset({"netflix"}))

    assert answer("star", policy).total == 2
    assert [hit.title.id for hit in answer("star", policy, my_services=True).hits] == [paid.id]


def test_a_snapshot_follows_step_by_step_to_what_a_fresh_one_loads():
    store = SnapshotStore()
    titles = [TitleFactory.create(title=f"Star {number}") for number in range(4)]
    for title in titles:
        documents.index_titles([title.id])
        store.current()
    titles[1].title = "Moon"
    titles[1].version += 1
    titles[1].save()
    gone = titles[2].id
    titles[2].delete()
    documents.index_titles([titles[1].id, gone])

    followed, fresh = store.current()[1], SnapshotStore().current()[1]

    assert followed.columns.numbers.tolist() == fresh.columns.numbers.tolist()
    assert followed.columns.live.tolist() == fresh.columns.live.tolist() == [True, True, False, True]
    assert followed.titles.starts.tolist() == fresh.titles.starts.tolist()
    assert followed.displays.tolist() == fresh.displays.tolist()


def test_a_document_that_is_up_to_date_is_left_alone():
    title = TitleFactory.create(title="Star")
    documents.index_titles([title.id])
    before = SearchDocument.objects.get()

    documents.index_titles([title.id])

    assert SearchDocument.objects.get().revision == before.revision


def test_what_changes_meanwhile_is_left_to_its_own_announcement(monkeypatch):
    """Documents are made before the lock; one of a title that has moved on must not come after its newer one."""
    title = TitleFactory.create(title="Star")
    listing = content.list_index_entries

    def list_and_move_on(ids):
        entries = listing(ids)
        monkeypatch.setattr(content, "list_index_entries", listing)
        type(title).objects.filter(pk=title.pk).update(title="Moon", version=title.version + 1)
        documents.index_titles([title.id])
        return entries

    monkeypatch.setattr(content, "list_index_entries", list_and_move_on)
    documents.index_titles([title.id])

    assert SearchDocument.objects.get().names == "moon"


def test_writing_again_changes_nothing_but_the_revision():
    title = TitleFactory.create(title="Star")
    documents.index_titles([title.id])
    before = SearchDocument.objects.get()

    documents.index_titles([title.id], again=True)

    after = SearchDocument.objects.get()
    assert after.revision == before.revision + 1
    for name in ("number", "names", "title_terms", "people_terms", "tag_terms", "synopsis_terms", "payload"):
        assert getattr(after, name) == getattr(before, name)


def test_a_rebuild_drops_what_is_no_longer_listed():
    kept, gone = TitleFactory.create(title="Star"), TitleFactory.create(title="Moon")
    documents.index_titles([kept.id, gone.id])
    gone.delete()

    assert list(documents.rebuild_index()) == [1]

    assert list(SearchDocument.objects.filter(is_live=True).values_list("title_id", flat=True)) == [kept.id]


def test_an_index_of_another_analysis_is_degraded():
    documents.index_titles([TitleFactory.create().id])
    api.check_index()
    IndexState.objects.update(analysis_version=0)

    with pytest.raises(DegradedError, match="rebuild_index"):
        api.check_index()
