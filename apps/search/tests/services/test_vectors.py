"""Title vectors: in step with the documents, rebuilt beside, switched when complete."""

import threading

import numpy as np
import pytest
from django.core.management import call_command

from apps.content import api as content
from apps.content.tests.factories import CreditFactory, OfferFactory, PersonFactory, TitleFactory
from apps.search import tasks
from apps.search.adapters.meaning import TitleMeanings
from apps.search.adapters.store import snapshots
from apps.search.domain.title_text import title_text
from apps.search.models import IndexState, VectorCollection
from apps.search.services import documents, vectors
from mediagateway.vectors.configured import TITLES, get_embedder
from mediagateway.vectors.ports import CollectionNotFoundError, VectorsUnavailableError

pytestmark = pytest.mark.django_db


def make(title, **fields):
    """Make a title and its document."""
    made = TitleFactory.create(title=title, **fields)
    documents.index_titles([made.id])
    return made


def change(title, **fields):
    """Change a title and its document."""
    for name, value in {**fields, "version": title.version + 1}.items():
        setattr(title, name, value)
    title.save()
    documents.index_titles([title.id])


def test_a_title_has_the_vector_of_its_text(vector_index, embed_titles):
    shark = make("Jaws", synopsis="A shark attacks swimmers.", release_year=1975, genres=["thriller"])
    court = make("The Verdict", synopsis="A lawyer fights a hospital.", release_year=1982)
    embed_titles()

    held = vector_index.fetch(TITLES, [shark.id, court.id])
    (nearest, *_) = vector_index.nearest(TITLES, get_embedder().embed(["killer fish at the beach"])[0], limit=1).ids

    assert nearest == shark.id
    assert held.payloads[0]["kind"] == "movie"
    assert held.payloads[0]["genres"] == ("thriller",)
    assert held.payloads[0]["year"] == 1975
    assert str(held.payloads[0]["model"]).startswith("use-multilingual.")


def test_the_text_tells_what_a_title_is(vector_index):
    title = TitleFactory.create(
        title="Alien", synopsis="A crew meets a creature.", release_year=1979, genres=["horror", "science_fiction"]
    )
    CreditFactory.create(title=title, person=PersonFactory.create(name="Ridley Scott"), role="director")
    CreditFactory.create(title=title, person=PersonFactory.create(name="Sigourney Weaver"), role="actor")
    (entry,) = content.list_index_entries([title.id])

    assert title_text(entry) == (
        "Alien (1979). A crew meets a creature. horror science fiction film. Directed by Ridley Scott."
        " With Sigourney Weaver"
    )


def test_nothing_is_read_before_the_first_build_is_complete(vector_index, monkeypatch):
    """Readers see no half of it."""
    monkeypatch.setattr(vectors, "CHUNK", 2)
    for number in range(5):
        make(f"Title {number}")

    sizes = []
    while vectors.follow_titles():
        try:
            sizes.append(vector_index.count(TITLES))
        except CollectionNotFoundError:
            sizes.append(0)

    assert set(sizes) == {0, 5}


def test_a_change_of_text_is_followed_and_another_change_costs_nothing(vector_index, embed_titles):
    title = make("Jaws", synopsis="A shark.")
    embed_titles()
    before = vector_index.matrix(TITLES)

    OfferFactory.create(title=title)
    change(title)
    embed_titles()
    assert vector_index.matrix(TITLES).revision == before.revision

    change(title, synopsis="A bear.")
    embed_titles()
    after = vector_index.fetch(TITLES, [title.id]).vectors[0]
    assert float(after @ before.vectors[0]) < 0.95


def test_a_title_that_left_has_no_vector(vector_index, embed_titles):
    title, other = make("Jaws"), make("Alien")
    embed_titles()

    title_id = title.id
    title.delete()
    documents.index_titles([title_id])
    embed_titles()

    assert vector_index.count(TITLES) == 1
    assert vector_index.fetch(TITLES, [title_id, other.id]).ids == (other.id,)


def test_another_text_version_is_built_beside_and_takes_over(vector_index, embed_titles, monkeypatch):
    make("Jaws")
    embed_titles()
    first = vector_index.find_collection(TITLES)

    monkeypatch.setattr(vectors, "TEXT_VERSION", 99)
    embed_titles()

    assert vector_index.find_collection(TITLES) != first
    assert vector_index.list_collections() == (vector_index.find_collection(TITLES),)
    assert VectorCollection.objects.count() == 1


def test_lost_files_are_built_again(vector_index, embed_titles):
    make("Jaws")
    embed_titles()
    vector_index.drop(vector_index.find_collection(TITLES))

    vectors.forget_lost_collections()
    embed_titles()

    assert vector_index.count(TITLES) == 1


def test_a_restored_database_is_followed_anew(vector_index, embed_titles):
    """Revisions of another epoch say nothing."""
    make("Jaws")
    embed_titles()

    IndexState.objects.update(epoch="11111111-1111-4111-8111-111111111111")
    make("Alien")
    embed_titles()

    assert vector_index.count(TITLES) == 2


def test_the_command_rebuilds_beside_and_switches(vector_index, embed_titles):
    make("Jaws")
    embed_titles()
    first = vector_index.find_collection(TITLES)

    call_command("rebuild_vectors")

    assert vector_index.find_collection(TITLES) != first
    assert vector_index.count(TITLES) == 1


def test_the_worker_rests_while_the_index_is_down(vector_index, monkeypatch):
    """It says so once, and goes on with everything else."""
    asked = []

    def fail() -> bool:
        asked.append(True)
        raise VectorsUnavailableError("down")

    monkeypatch.setattr(vectors, "follow_titles", fail)
    follower = tasks._Follower()

    assert [follower.step(), follower.step()] == [False, False]
    assert len(asked) == 1


@pytest.mark.parametrize("count", [3, 30])
def test_a_chunk_costs_constant_sql(vector_index, embed_titles, django_assert_max_num_queries, count):
    make("The first")
    embed_titles()
    titles = [TitleFactory.create(title=f"Title {number}") for number in range(count)]
    documents.index_titles([title.id for title in titles])

    with django_assert_max_num_queries(12):
        vectors.follow_titles()

    assert vector_index.count(TITLES) == count + 1
    assert np.allclose(np.linalg.norm(vector_index.matrix(TITLES).vectors, axis=1), 1, atol=1e-5)


def test_building_anew_under_load_loses_no_search(vector_index, embed_titles):
    """Five times all vectors are made again beside the old ones, switched and dropped, while four readers ask."""
    for number in range(5):
        make(f"Film {number}", synopsis="A shark attacks swimmers.")
    embed_titles()
    _, snapshot = snapshots.current()
    found: list[int] = []
    failed: list[Exception] = []
    is_over = threading.Event()

    def ask() -> None:
        own = TitleMeanings()
        while not is_over.is_set():
            try:
                near = own.nearest("fish", snapshot=snapshot, allowed=snapshot.columns.live, limit=10, floor=-1.0)
                found.append(len(near.slots))
            except VectorsUnavailableError as err:
                failed.append(err)

    readers = [threading.Thread(target=ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    before = VectorCollection.objects.get().build
    for _ in range(5):
        for _progress in vectors.rebuild_titles():
            pass
    is_over.set()
    for reader in readers:
        reader.join()

    assert VectorCollection.objects.get().build == before + 5
    assert failed == []
    assert set(found) == {5}
