"""The blended model: one person and many score alike, recency counts, and a newcomer gets something."""

from dataclasses import replace

import numpy as np
import pytest

from apps.sona.domain.blending import Example, fit_logit, learn_weights
from apps.sona.domain.content_features import TitleFeatures, fit_content
from apps.sona.domain.interactions import Interactions, make_interactions
from apps.sona.domain.item_table import cut_rows
from apps.sona.domain.model import PARTS, History, level
from apps.sona.domain.splits import Protocol, split_off
from apps.sona.domain.successions import fit_successions
from apps.sona.domain.training import (
    Catalogue,
    Settings,
    fit_model,
    hold_out_for_tuning,
    tune,
    unknown_catalogue,
)

pytestmark = pytest.mark.once


def history_of(table: Interactions, user: int) -> History:
    rows = table.users == user
    return History(table.items[rows], table.strengths[None, rows], table.steps_back()[None, rows])


@pytest.fixture(scope="module")
def model(tastes):
    content = fit_content([TitleFeatures(genres=(f"g{item % 4}",)) for item in range(tastes.n_items)])
    catalogue = Catalogue(content, np.zeros(tastes.n_items, np.float32))
    return fit_model(tastes, Settings(), catalogue, seed=0)


def test_one_person_scores_as_among_many(model, tastes):
    """A request and a batch give the same."""
    together = model.apply(tastes)

    for user in (0, 17, 79):
        assert np.allclose(model.score(history_of(tastes, user))[0], together[user], atol=2e-3)


def test_people_get_their_own_group(model, tastes):
    """Of the first five of everybody, most are of the group whose items they take."""
    scores = model.apply(tastes)
    scores[tastes.users, tastes.items] = -np.inf
    top = np.argsort(-scores, axis=1)[:, :5]

    assert np.mean(top % 4 == (np.arange(tastes.n_users) % 4)[:, None]) > 0.8


def test_what_came_last_counts_most_where_parts_forget(model, tastes):
    """Two histories of the same items in opposite order are told apart by the parts that forget, and by no other."""
    first = history_of(tastes, 0)
    second = replace(first, steps_back=first.steps_back[:, ::-1].copy())

    differs = [not np.allclose(*pair) for pair in zip(model.parts(first)[0], model.parts(second)[0], strict=True)]

    named = {name for name, differ in zip(PARTS, differs, strict=True) if differ}
    assert named == {"linear_now", "succession", "content"}


def test_without_interactions_content_and_popularity_recommend():
    """On day one a history is matched by what titles are; without a history what is popular comes first."""
    features = [TitleFeatures(genres=(("war", "drama")[item % 2],), year=2000) for item in range(6)]
    catalogue = Catalogue(fit_content(features), np.array([1, 2, 3, 4, 50, 6], np.float32))
    nothing = make_interactions([], [], [], n_users=0, n_items=6)
    model = fit_model(nothing, Settings(), catalogue, seed=0)

    newcomer = model.score(History(np.zeros(0, np.int32), np.zeros((1, 0), np.float32), np.zeros((1, 0))))[0]
    fan = model.score(History(np.array([1], np.int32), np.ones((1, 1), np.float32), np.zeros((1, 1))))[0]

    assert newcomer.argmax() == 4
    assert set(np.argsort(-fan)[:2]) == {3, 5}


def test_tuning_beats_popularity_on_a_population_with_tastes(tastes, small_grids):
    """Settings chosen on the training part alone are better than what everybody takes."""
    from apps.sona.domain.ranking_metrics import evaluate

    split = split_off(tastes, Protocol.LOO)
    catalogue = unknown_catalogue(tastes.n_items)
    settings = tune(hold_out_for_tuning(split.train, Protocol.LOO, seed=0), catalogue, seed=0)
    model = fit_model(split.train, settings, catalogue, seed=0)
    counts = split.train.counts()

    ours = evaluate(split, model.apply)
    popular = evaluate(split, lambda history: np.tile(counts, (history.n_users, 1)))

    assert ours["NDCG@10"] > 1.3 * popular["NDCG@10"]


def test_levelled_parts_have_deviation_one_and_flat_ones_stay():
    """A part that says nothing is not blown up by rounding."""
    parts = level(np.array([[[1.0, 3.0, 5.0]], [[2.0, 2.0, 2.0]]], np.float32))

    assert parts.std(axis=-1).ravel().tolist() == pytest.approx([1, 0])


def test_rows_keep_their_largest_entries():
    """By size, whatever the sign."""
    table = cut_rows(lambda start, stop: np.array([[0.1, -3, 2], [1, 0, 0], [0, 5, 6]])[start:stop], 3, width=2)

    combined = table.combine(np.array([0, 2], np.int32), np.array([[1.0, 0.5]]))[0]

    assert combined.tolist() == [0, -0.5, 5]


def test_successions_do_not_depend_on_the_order_within_a_moment():
    """Rows of one time are at distance 1 of each other, and as far as each other from the rest."""
    table = fit_successions(make_interactions([0] * 4, [0, 1, 2, 3], [1, 5, 5, 9], n_users=1, n_items=4))
    close = table.apply(make_interactions([0], [0], [0], n_users=1, n_items=4).matrix())[0]

    assert close[1] == close[2] > close[3] > 0


@pytest.mark.parametrize("learn", [fit_logit, learn_weights])
def test_weights_find_the_part_that_tells(learn):
    """Of three parts one ranks the targets, one is noise, one says the same of all."""
    rng = np.random.default_rng(1)
    targets = np.zeros((200, 30), bool)
    targets[np.arange(200), rng.integers(0, 30, 200)] = True
    parts = np.stack([targets + rng.normal(0, 0.7, targets.shape), rng.normal(0, 1, targets.shape), np.ones((200, 30))])
    example = Example(np.moveaxis(parts, 0, -1).astype(np.float32), np.zeros_like(targets), targets)

    weights = learn([example], 3)

    assert weights[0] > 5 * abs(weights[1])
