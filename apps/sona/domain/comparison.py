"""SONA beside its baselines on one split, everything tuned on the training part alone."""

from collections.abc import Callable, Mapping

from apps.sona.domain import baselines, training
from apps.sona.domain.ranking_metrics import evaluate
from apps.sona.domain.splits import Protocol, Split
from apps.sona.domain.training import Catalogue

#: Told what is done next.
OnStep = Callable[[str], None]


def compare(
    split: Split, protocol: Protocol, catalogue: Catalogue, *, seed: int, on_step: OnStep
) -> Mapping[str, Mapping[str, float]]:
    """
    Tune, train and evaluate all models.

    Args:
        split: What to learn from, and what is to be found.
        protocol: How the split was made; tuning splits the training part likewise.
        catalogue: What is known of items beforehand.
        seed: Of ALS and of the tuning split.
        on_step: Told of each step.

    Returns:
        Metrics by model ("sona" first), each with `n` and `seed`.
    """
    tuning = training.hold_out_for_tuning(split.train, protocol, seed=seed)
    on_step("Tuning the baselines")
    choices = baselines.choose(tuning, seed=seed)
    on_step("Tuning SONA")
    settings = training.tune(tuning, catalogue, seed=seed, factors=choices.factors)
    on_step("Training")
    model = training.fit_model(split.train, settings, catalogue, seed=seed)
    scorers = {"sona": model.apply, **baselines.fit_baselines(split.train, choices, seed=seed)}
    results = {}
    for name, scorer in scorers.items():
        on_step(f"Evaluating {name}")
        results[name] = {**evaluate(split, scorer), "seed": seed}
    return results
