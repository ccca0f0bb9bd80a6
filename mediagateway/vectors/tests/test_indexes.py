"""What every vector index does: on files, in Qdrant's local mode, over Qdrant's wire, on a server by QDRANT_URL."""

import os
import threading
import warnings
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from mediagateway.vectors.indexes.numpy_files import NumpyIndex
from mediagateway.vectors.indexes.qdrant import QdrantIndex, connect
from mediagateway.vectors.ports import (
    AnyOf,
    Between,
    CollectionNotFoundError,
    NoneOf,
    Payload,
    Points,
    VectorsUnavailableError,
    ids_of,
    keys_of,
)
from mediagateway.vectors.tests.qdrant_twin import qdrant_twin

pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore:Payload indexes have no effect")]

DIM = 8
SERVERS = ["server"] if os.environ.get("QDRANT_URL") else []


@pytest.fixture(scope="session")
def twin_url():
    with qdrant_twin() as url:
        yield url


@pytest.fixture(params=["numpy", "qdrant-local", "qdrant-wire", *SERVERS])
def index(request, tmp_path):
    """One index of each kind."""
    if request.param == "numpy":
        yield NumpyIndex(tmp_path / "vectors")
        return
    if request.param == "qdrant-local":
        made = QdrantIndex(QdrantClient(":memory:"))
    else:
        url = os.environ["QDRANT_URL"] if request.param == "server" else request.getfixturevalue("twin_url")
        made = connect(url, key=os.environ.get("QDRANT_API_KEY", ""), timeout_s=10)
    yield made
    for collection in made.list_collections():
        if collection.startswith("test."):
            made.drop(collection)
    made._client.close()


@pytest.fixture
def collection(index):
    """An empty collection with a name of its own."""
    name = f"test.{uuid4().hex}"
    index.create(name, dim=DIM, words=("kind", "genres"), numbers=("year",))
    return name


def points(*rows, seed=0):
    """Make points of (id, payload) with directions that differ."""
    directions = np.random.default_rng(seed).normal(size=(len(rows), DIM)).astype(np.float32)
    return Points(
        tuple(UUID(int=number) for number, _ in rows),
        directions / np.linalg.norm(directions, axis=1, keepdims=True),
        tuple(payload for _, payload in rows),
    )


FILMS = points(
    (1, {"kind": "movie", "genres": ("drama", "comedy"), "year": 1999}),
    (2, {"kind": "movie", "genres": ("horror",), "year": 2010}),
    (3, {"kind": "series", "genres": (), "year": 2020}),
    (4, {"kind": "series", "genres": ("drama",)}),
)


def found(index, collection, **asked):
    """Say which of the films are found, in no order."""
    neighbours = index.nearest(collection, FILMS.vectors[0], limit=10, **asked)
    return {point_id.int for point_id in neighbours.ids}


def test_a_point_comes_back_as_it_went_in(index, collection):
    """Vectors, words, lists of words, numbers, and in the order asked for."""
    index.upsert(collection, FILMS)

    back = index.fetch(collection, [UUID(int=3), UUID(int=99), UUID(int=1)])

    assert back.ids == (UUID(int=3), UUID(int=1))
    assert np.allclose(back.vectors, FILMS.vectors[[2, 0]], atol=1e-6)
    assert back.payloads == (FILMS.payloads[2], FILMS.payloads[0])


def test_nothing_is_fetched_of_nothing(index, collection):
    assert index.fetch(collection, []).ids == ()
    assert index.fetch(collection, [UUID(int=1)]).ids == ()
    assert index.count(collection) == 0
    assert index.nearest(collection, FILMS.vectors[0], limit=5).ids == ()
    assert index.matrix(collection).vectors.shape == (0, DIM)


def test_the_nearest_come_first_with_their_cosine(index, collection):
    index.upsert(collection, FILMS)
    cosines = FILMS.vectors @ FILMS.vectors[1]

    neighbours = index.nearest(collection, FILMS.vectors[1], limit=3)

    assert neighbours.ids == tuple(FILMS.ids[at] for at in np.argsort(-cosines)[:3])
    assert np.allclose(neighbours.scores, np.sort(cosines)[::-1][:3], atol=1e-6)


def test_what_is_less_alike_than_the_floor_is_left_out(index, collection):
    index.upsert(collection, FILMS)

    assert index.nearest(collection, FILMS.vectors[1], limit=9, floor=0.999).ids == (FILMS.ids[1],)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ((AnyOf("kind", ("movie",)),), {1, 2}),
        ((AnyOf("genres", ("comedy", "horror")),), {1, 2}),
        ((AnyOf("genres", ("western",)),), set()),
        ((AnyOf("kind", ()),), set()),
        ((NoneOf("genres", ("drama",)),), {2, 3}),
        ((NoneOf("missing", ("drama",)),), {1, 2, 3, 4}),
        ((Between("year", 1999, 2010),), {1, 2}),
        ((Between("year", low=2000),), {2, 3}),
        ((Between("year", high=1999),), {1}),
        ((AnyOf("kind", ("series",)), Between("year", low=2000)), {3}),
        ((AnyOf("kind", ("movie",)), NoneOf("genres", ("horror",))), {1}),
    ],
    ids=str,
)
def test_conditions_hold_for_everything_found(index, collection, where, expected):
    index.upsert(collection, FILMS)

    assert found(index, collection, where=where) == expected


def test_a_condition_of_the_caller_holds_however_few_it_leaves(index, collection):
    """The farthest of 700 points is found when it alone is allowed."""
    many = points(*((number, {}) for number in range(1, 701)), seed=3)
    index.upsert(collection, many)
    farthest = int(np.argmin(many.vectors @ many.vectors[0]))
    wanted = keys_of([many.ids[farthest]])[0]

    neighbours = index.nearest(collection, many.vectors[0], limit=5, allowed=lambda keys: keys == wanted)

    assert neighbours.ids == (many.ids[farthest],)


def test_a_point_written_again_replaces_the_first(index, collection):
    index.upsert(collection, FILMS)
    again = points((1, {"kind": "short"}), seed=9)

    index.upsert(collection, again)

    assert index.count(collection) == 4
    assert index.fetch(collection, [UUID(int=1)]).payloads == ({"kind": "short"},)
    assert index.nearest(collection, again.vectors[0], limit=1).ids == (UUID(int=1),)
    assert found(index, collection, where=(AnyOf("kind", ("movie",)),)) == {2}


def test_a_deleted_point_is_gone_and_may_come_back(index, collection):
    index.upsert(collection, FILMS)

    index.delete(collection, [UUID(int=1), UUID(int=77)])
    assert found(index, collection) == {2, 3, 4}
    assert index.fetch(collection, [UUID(int=1)]).ids == ()

    index.upsert(collection, FILMS)
    assert found(index, collection) == {1, 2, 3, 4}


def test_the_matrix_shows_what_lives_and_its_revision_what_changed(index, collection):
    index.upsert(collection, FILMS)
    index.delete(collection, [UUID(int=2)])

    matrix = index.matrix(collection)
    again = index.matrix(collection).revision
    index.upsert(collection, points((9, {})))

    shown = dict(zip(ids_of(matrix.keys[matrix.live]), matrix.vectors[matrix.live], strict=True))
    assert shown.keys() == {UUID(int=1), UUID(int=3), UUID(int=4)}
    assert np.allclose(shown[UUID(int=4)], FILMS.vectors[3], atol=1e-6)
    assert matrix.collection == collection
    assert again == matrix.revision
    assert index.matrix(collection).revision != matrix.revision


def test_an_alias_is_switched_in_one_step(index, collection):
    """Readers by the alias see the one collection or the other, whole, and never neither."""
    other, alias = f"test.{uuid4().hex}", f"alias-{uuid4().hex}"
    index.create(other, dim=DIM)
    index.upsert(collection, points((1, {})))
    index.upsert(other, points((2, {}), (3, {})))
    index.switch(alias, collection)
    seen, stop = set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(tuple(sorted(point.int for point in index.nearest(alias, FILMS.vectors[0], limit=5).ids)))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20):
        index.switch(alias, (other, collection)[turn % 2])
    stop.set()
    reader.join()

    assert index.find_collection(alias) == collection
    assert seen <= {(1,), (2, 3)}
    assert seen


def test_what_has_no_name_is_not_found(index, collection):
    with pytest.raises(CollectionNotFoundError):
        index.nearest("test.nothing", FILMS.vectors[0], limit=1)
    with pytest.raises(CollectionNotFoundError):
        index.switch("alias-x", "test.nothing")
    assert index.find_collection("test.nothing") is None
    assert index.find_collection(collection) == collection


def test_a_dropped_collection_is_gone_and_dropping_again_does_nothing(index, collection):
    index.upsert(collection, FILMS)

    index.drop(collection)
    index.drop(collection)

    assert collection not in index.list_collections()
    with pytest.raises(CollectionNotFoundError):
        index.fetch(collection, [UUID(int=1)])


def test_making_a_collection_twice_keeps_what_is_in_it(index, collection):
    index.upsert(collection, FILMS)

    index.create(collection, dim=DIM)

    assert index.count(collection) == 4


class TestFiles:
    """What only the index on disk promises."""

    def test_another_process_sees_writes_and_deletions(self, tmp_path):
        """Two indexes over one folder share nothing else."""
        writer, reader = NumpyIndex(tmp_path), NumpyIndex(tmp_path)
        writer.create("test.a", dim=DIM)

        for size in (1, 2, 3):
            writer.upsert("test.a", points(*((number, {}) for number in range(1, size + 1))))
            assert reader.count("test.a") == size
        writer.delete("test.a", [UUID(int=2)])

        assert {point.int for point in reader.nearest("test.a", FILMS.vectors[0], limit=9).ids} == {1, 3}

    def test_what_a_dying_writer_left_is_overwritten(self, tmp_path):
        """Rows behind those that count are nobody's."""
        index = NumpyIndex(tmp_path)
        index.create("test.a", dim=DIM)
        index.upsert("test.a", FILMS)
        for file in (tmp_path / "test.a").glob("*/*"):
            with file.open("ab") as half_written:
                half_written.write(b"\xff" * 37)

        index.upsert("test.a", points((5, {"kind": "movie"}), seed=5))

        assert index.count("test.a") == 5
        assert index.fetch("test.a", [UUID(int=5)]).payloads == ({"kind": "movie"},)

    def test_files_that_lost_their_end_are_no_collection(self, tmp_path):
        index = NumpyIndex(tmp_path)
        index.create("test.a", dim=DIM)
        index.upsert("test.a", FILMS)
        for file in (tmp_path / "test.a").glob("*/vectors.f32"):
            os.truncate(file, 16)

        with pytest.raises(CollectionNotFoundError):
            NumpyIndex(tmp_path).count("test.a")

    def test_dead_rows_go_when_they_are_many(self, tmp_path):
        """A reader from before goes on with the files that it has."""
        index = NumpyIndex(tmp_path)
        index.create("test.a", dim=DIM)
        many = points(*((number, {"year": number}) for number in range(1, 1501)))
        index.upsert("test.a", many)
        before = index.matrix("test.a")
        index.upsert("test.a", many)
        index.upsert("test.a", many)

        after = index.matrix("test.a")

        assert len(after.keys) < 4500
        assert index.count("test.a") == 1500
        assert index.fetch("test.a", [UUID(int=700)]).payloads == ({"year": 700},)
        assert np.array_equal(before.vectors[5], many.vectors[5])

    @pytest.mark.parametrize("name", ["", "../x", "a/b", "A", ".", "a\nb"])
    def test_a_name_cannot_leave_the_folder(self, tmp_path, name):
        with pytest.raises(ValueError, match="no name"):
            NumpyIndex(tmp_path).create(name, dim=DIM)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        steps=st.lists(
            st.one_of(
                st.tuples(st.just("put"), st.lists(st.integers(0, 12), min_size=1, max_size=5, unique=True)),
                st.tuples(st.just("cut"), st.lists(st.integers(0, 12), max_size=5, unique=True)),
            ),
            max_size=12,
        )
    )
    def test_any_course_of_writes_ends_as_a_dictionary_would(self, tmp_path, steps):
        index, name = NumpyIndex(tmp_path), f"test.{uuid4().hex}"
        index.create(name, dim=DIM)
        expected: dict[UUID, Payload] = {}
        for turn, (what, numbers) in enumerate(steps):
            if what == "put":
                written = points(*((number, {"turn": turn}) for number in numbers), seed=turn)
                index.upsert(name, written)
                expected.update(zip(written.ids, written.payloads, strict=True))
            else:
                index.delete(name, [UUID(int=number) for number in numbers])
                for number in numbers:
                    expected.pop(UUID(int=number), None)

        fetched = index.fetch(name, [UUID(int=number) for number in range(13)])

        assert dict(zip(fetched.ids, fetched.payloads, strict=True)) == expected
        assert index.count(name) == len(expected)


class TestOutage:
    """Qdrant down."""

    def test_nobody_waits_for_a_server_that_just_failed(self):
        """After a failure calls are refused at once, and after a while it is asked again."""
        now = [0.0]
        with warnings.catch_warnings():
            index = QdrantIndex(
                QdrantClient(url="http://127.0.0.1:9", timeout=1, check_compatibility=False), clock=lambda: now[0]
            )
        with pytest.raises(VectorsUnavailableError, match="failed: "):
            index.count("test.a")
        with pytest.raises(VectorsUnavailableError, match="a moment ago"):
            index.count("test.a")
        now[0] = 60.0

        with pytest.raises(VectorsUnavailableError, match="failed: "):
            index.count("test.a")
