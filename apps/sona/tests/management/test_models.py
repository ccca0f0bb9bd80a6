"""Training, publishing and rolling back, as an operator does it."""

import shutil
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from apps.sona import conf
from apps.sona.adapters import artefacts
from apps.sona.adapters.shelves import engines
from apps.sona.domain.model import History
from apps.sona.services import training
from apps.sona.tests.factories import learn, make_titles
from apps.user.tests.factories import make_account
from mediagateway.vectors.configured import TITLES
from mediagateway.vectors.indexes.numpy_files import NumpyIndex
from mediagateway.vectors.ports import Points

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_model_is_trained_without_any_signal():
    """On day one it knows what titles are."""
    titles = make_titles(("war",), ("war",), ("romance",))
    version = run("sona_train", "--publish")

    served = engines.current()

    assert served.version == version
    assert served.engine.model.n_items == 3
    war, more_war, romance = (served.engine.positions[served.shelf.slots[title.id]] for title in titles)
    alike = served.engine.model.content.combine(np.array([war], np.int32), np.ones((1, 1)))[0]
    assert alike[more_war] > alike[romance]


def test_signals_are_learned_once_published(small_grids):
    """Nothing changes before the model is published; then it scores by what people liked together."""
    titles = make_titles(*[("drama",)] * 12)
    for number in range(60):
        liked = titles[:6] if number % 2 else titles[6:]
        learn(make_account().profiles.get().id, [*liked[number % 3 :], *liked[: number % 3]])
    version = run("sona_train")
    assert engines.current().version == "untrained"

    run("sona_publish", version)

    served = engines.current()
    slots = served.shelf.slots
    scores, _ = scores_of(served, titles[0].id)
    own, others = ([scores[slots[title.id]] for title in group] for group in (titles[1:6], titles[6:]))
    assert min(own) > max(others)


def scores_of(served, title_id):
    item = served.engine.positions[served.shelf.slots[title_id]]
    history = History(np.array([item], np.int32), np.ones((1, 1), np.float32), np.zeros((1, 1)))
    model_scores = served.engine.model.score(history)[0]
    return {slot: model_scores[position] for slot, position in enumerate(served.engine.positions)}, item


def test_rolling_back_lets_the_older_model_serve(monkeypatch):
    """One command; the newer one stays and can be published again."""
    make_titles(("war",))
    first, second = "20260101T000000Z", "20260102T000000Z"
    for version in (first, second):
        trained = run("sona_train")
        (conf.models_folder() / trained).rename(conf.models_folder() / version)
    assert run("sona_publish") == second

    assert run("sona_rollback") == first
    assert artefacts.find_current() == first
    with pytest.raises(CommandError, match="no older model"):
        run("sona_rollback")
    assert run("sona_publish", second) == second


def test_training_deletes_old_versions_but_never_what_serves(monkeypatch):
    """Of seven versions the two newest stay, and beside them the one that serves and the one before it."""
    monkeypatch.setattr(artefacts, "KEPT_VERSIONS", 2)
    make_titles(("war",))
    names = [f"2026010{day}T000000Z" for day in range(1, 7)]
    trained = run("sona_train")
    for name in names:
        shutil.copytree(conf.models_folder() / trained, conf.models_folder() / name)
    (conf.models_folder() / trained).rename(conf.models_folder() / "20260100T000000Z")
    run("sona_publish", names[2])

    newest = run("sona_train")

    assert artefacts.list_versions() == (names[1], names[2], names[5], newest)
    assert run("sona_rollback") == names[1]
    assert not list(conf.models_folder().glob(".*T*"))


def test_the_texts_of_titles_say_which_are_alike(monkeypatch):
    """Where titles have nothing else in common, the vectors of their texts, which search writes, tell."""
    index = NumpyIndex(conf.models_folder().parent / "vectors")
    monkeypatch.setattr(training, "get_vector_index", lambda: index)
    heist, robbery, romance = titles = make_titles(("drama",), ("drama",), ("drama",))
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    index.create(TITLES, dim=2)
    index.upsert(TITLES, Points(tuple(title.id for title in titles), vectors, ({},) * 3))

    run("sona_train", "--publish")

    served = engines.current()
    places = [int(served.engine.positions[served.shelf.slots[title.id]]) for title in (heist, robbery, romance)]
    alike = served.engine.model.content.combine(np.array(places[:1], np.int32), np.ones((1, 1)))[0]
    # 0.3 of a likeness is the texts'; their cosines are 0.8 and 0.
    assert alike[places[1]] - alike[places[2]] == pytest.approx(0.3 * 0.8, abs=1e-5)


def test_what_is_not_there_cannot_be_published():
    """And nothing that serves is touched."""
    with pytest.raises(CommandError, match="no model"):
        run("sona_publish")
    with pytest.raises(CommandError, match="no model 'x'"):
        run("sona_publish", "x")
    assert artefacts.find_current() is None
