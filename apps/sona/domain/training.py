"""Training: settings chosen on a part of the data that is held out of the data, then a fit on all of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf

import numpy as np

from apps.sona.domain.arrays import Doubles, Floats
from apps.sona.domain.blending import Example, learn_weights, make_example, users_that_fit
from apps.sona.domain.factors import FactorModel, FactorSettings, fit_factors, make_factor_model
from apps.sona.domain.interactions import Interactions, fade, make_interactions
from apps.sona.domain.item_table import ItemTable, empty_table
from apps.sona.domain.linear import LinearModel, fit_linear, fit_linear_table
from apps.sona.domain.model import PARTS, Blend, Memory, SonaModel, level
from apps.sona.domain.popularity import compute_popularity, compute_trend
from apps.sona.domain.ranking_metrics import Scorer, compute_merit
from apps.sona.domain.splits import Protocol, Split, split_off
from apps.sona.domain.successions import fit_successions

#: Candidates for EASE's λ, and for how fast linear scores and successions forget, in steps.
PENALTIES = (30.0, 100.0, 300.0, 1000.0)
HALF_LIVES = (1.0, 3.0, 10.0, 50.0, inf)
#: Candidates for ALS.
FACTOR_GRID = tuple(
    FactorSettings(factors=factors, penalty=penalty, alpha=alpha)
    for factors, penalty, alpha in product((16, 32, 64), (0.1, 10.0), (1.0, 5.0, 20.0))
)
#: Half-life of the trend.
TREND_HALF_LIFE_S = 14 * 86400.0
#: Share of users that a strong split holds out for tuning: weights need more of them than a final test does.
_TUNING_USERS = 0.2
#: Tested users below which nothing is learned about settings, and the defaults hold.
_FEWEST_TESTED = 50
#: Users that grids are compared on at most.
_GRID_USERS = 4000
#: What holds before there is anything to learn from: what titles are, and what everybody likes.
DEFAULT_BLEND = Blend(
    cold=np.array([0.0, 0.0, 0.0, 0.0, 0.5, 0.2, 4.0]), warm=np.array([2.0, 4.0, 0.5, 1.0, 0.3, 0.1, 4.0])
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is chosen before a fit."""

    penalty: float = 300.0
    memory: Memory = field(default=Memory(linear_now=3.0, succession=1.0))
    factors: FactorSettings = field(default=FactorSettings())
    blend: Blend = field(default=DEFAULT_BLEND)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    What is known of items without any interaction.

    Attributes:
        content: Cosine of what titles are.
        prior: Users that each item is credited with beforehand, shape (n_items,).
    """

    content: ItemTable
    prior: Floats


def unknown_catalogue(n_items: int) -> Catalogue:
    """Make a catalogue of which nothing is known."""
    return Catalogue(empty_table(n_items), np.zeros(n_items, np.float32))


def hold_out_for_tuning(known: Interactions, protocol: Protocol, *, seed: int) -> Split:
    """Split the training data the way the test will be."""
    return split_off(known, protocol, seed=seed + 1, users_ratio=_TUNING_USERS)


def choose_factors(split: Split, *, seed: int) -> FactorSettings:
    """Try every candidate for ALS and keep the best."""
    matrix = split.train.matrix()
    return max(
        FACTOR_GRID, key=lambda each: compute_split_merit(split, _factor_scorer(fit_factors(matrix, each, seed=seed)))
    )


def choose_penalty(split: Split) -> float:
    """Try every λ with histories that forget nothing and keep the best."""
    matrix = split.train.matrix()
    return max(
        PENALTIES, key=lambda each: compute_split_merit(split, linear_scorer(fit_linear(matrix, penalty=each), inf))
    )


def tune(split: Split, catalogue: Catalogue, *, seed: int, factors: FactorSettings | None = None) -> Settings:
    """
    Choose everything on a split of the training data.

    Args:
        split: From `hold_out_for_tuning`.
        catalogue: What is known beforehand.
        seed: Of ALS.
        factors: Settings of ALS that were chosen already.
    """
    if split.n_tested < _FEWEST_TESTED:
        return Settings()
    matrix = split.train.matrix()
    factors = factors or choose_factors(split, seed=seed)
    # The tables that will serve; untrimmed weights of a large catalogue would not fit into memory four times.
    linear = {penalty: fit_linear_table(matrix, penalty=penalty) for penalty in PENALTIES}
    penalty, linear_now = max(
        product(PENALTIES, HALF_LIVES),
        key=lambda each: compute_split_merit(split, _table_scorer(linear[each[0]], each[1])),
    )
    successions = fit_successions(split.train)
    succession = max(HALF_LIVES, key=lambda each: compute_split_merit(split, _table_scorer(successions, each)))
    settings = Settings(penalty, Memory(linear_now, succession), factors)
    model = fit_model(split.train, settings, catalogue, seed=seed)
    return replace(settings, blend=learn_blend(split, model))


def learn_blend(split: Split, model: SonaModel) -> Blend:
    """Learn the weights on a split whose training part the model was fitted on."""
    users = users_that_fit(len(PARTS), model.n_items)

    def examples(*, newest_only: bool) -> Iterator[Example]:
        for block in split.blocks(max_users=users):
            history = block.history
            if newest_only:
                last = np.ones(len(history), np.bool_)
                last[:-1] = history.users[1:] != history.users[:-1]
                history = history.take(last)
            yield make_example(block, level(model.apply_parts(history)))

    return Blend(
        cold=learn_weights(examples(newest_only=True), len(PARTS)),
        warm=learn_weights(examples(newest_only=False), len(PARTS)),
    )


def fit_model(history: Interactions, settings: Settings, catalogue: Catalogue, *, seed: int) -> SonaModel:
    """Learn every part from all interactions; an empty history gives content and prior popularity."""
    matrix = history.matrix()
    now_s = float(history.at.max()) if len(history) else 0.0
    if len(history):
        linear = fit_linear_table(matrix, penalty=settings.penalty)
        factors = fit_factors(matrix, settings.factors, seed=seed)
    else:
        linear = empty_table(history.n_items)
        size = settings.factors.factors
        nothing = np.zeros((history.n_items, size), np.float32)
        factors = make_factor_model(nothing, penalty=settings.factors.penalty, alpha=settings.factors.alpha)
    return SonaModel(
        linear=linear,
        successions=fit_successions(history),
        content=catalogue.content,
        factors=factors,
        popularity=compute_popularity(history, prior=catalogue.prior),
        trend=compute_trend(history, now_s=now_s, half_life_s=TREND_HALF_LIFE_S),
        memory=settings.memory,
        blend=settings.blend,
    )


def blank_model() -> SonaModel:
    """Make the model that knows no items: what serves before the first training."""
    nothing = make_interactions([], [], [], n_users=0, n_items=0)
    return fit_model(nothing, Settings(), unknown_catalogue(0), seed=0)


def linear_scorer(model: LinearModel, half_life: float) -> Scorer:
    """Score by EASE with histories that forget."""
    return lambda history: model.apply(history.matrix(_faded(history, half_life)))


def _factor_scorer(model: FactorModel) -> Scorer:
    return lambda history: model.apply(history.matrix())


def _table_scorer(table: ItemTable, half_life: float) -> Scorer:
    return lambda history: table.apply(history.matrix(_faded(history, half_life)))


def _faded(history: Interactions, half_life: float) -> Doubles:
    return np.asarray(history.strengths * fade(history.steps_back(), half_life), np.float64)


def compute_split_merit(split: Split, scorer: Scorer) -> float:
    """Rate a candidate on a tuning split, by the mean of `compute_merit`."""
    merits = [
        compute_merit(scorer(block.history), block.seen(), block.targets)
        for block in split.blocks(max_users=_GRID_USERS)
    ]
    return float(np.concatenate(merits).mean())
