"""
Learning how parts are weighed: a conditional logit over the whole catalogue, then steps that better its rankings.

The chance that an item is the next one taken is softmax over items of the weighted sum of its parts' scores (McFadden,
1974). The loss is convex, so there is one answer, found by L-BFGS. It cares for the whole catalogue where people see
the head of a list, so coordinate ascent on the rankings themselves goes on from there, and from each part that is good
by itself: the best of these on the tuning split wins, hence no part alone beats the blend there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from apps.sona.domain.arrays import Doubles, Floats, Mask
from apps.sona.domain.ranking_metrics import compute_merit
from apps.sona.domain.splits import Block

#: Pulls weights to zero, so that what tells nothing gets none.
_PENALTY = 1e-3
#: Scores that are held at once: 240 MB.
_MAX_SCORES = 60_000_000
#: Steps of the ascent, as shares of the largest weight, and how often each weight is tried.
_STEPS, _ROUNDS = (-0.5, -0.2, -0.07, 0.07, 0.2, 0.5), 2
#: What a step must gain: less is noise.
_GAIN = 1e-4


@dataclass(frozen=True, slots=True)
class Example:
    """
    Some users whose next items are known.

    Attributes:
        parts: Levelled scores, shape (n_users, n_items, n_parts).
        seen: What the histories hold; it competes for nothing.
        targets: What was taken next.
    """

    parts: Floats
    seen: Mask
    targets: Mask


def users_that_fit(n_parts: int, n_items: int) -> int:
    """Say from how many users weights are learned at most."""
    return max(50, _MAX_SCORES // (n_parts * n_items))


def make_example(block: Block, parts: Floats) -> Example:
    """Lay out a block's scores, shape (n_parts, n_users, n_items), for learning."""
    seen = block.seen()
    wanted = block.targets & ~seen
    usable = wanted.any(axis=1)
    return Example(np.ascontiguousarray(np.moveaxis(parts, 0, -1)[usable]), seen[usable], wanted[usable])


def learn_weights(examples: Iterable[Example], n_parts: int) -> Doubles:
    """
    Find weights under which what was taken next ranks high.

    Returns:
        shape (n_parts,).
    """
    examples = tuple(examples)
    starts = [fit_logit(examples, n_parts), *np.eye(n_parts)]
    merits = [_merit(examples, start) for start in starts]
    # The best start of each kind: what likelihood says, and the best part by itself.
    best_part = 1 + int(np.argmax(merits[1:]))
    climbed = [_ascend(examples, starts[place], merits[place]) for place in (0, best_part)]
    weights, _ = max(climbed, key=lambda found: found[1])
    return weights


def fit_logit(examples: Sequence[Example], n_parts: int) -> Doubles:
    """Find the likeliest weights, shape (n_parts,)."""
    n = sum(len(example.parts) for example in examples)
    shares = [(example.targets / example.targets.sum(axis=1, keepdims=True)).astype(np.float32) for example in examples]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, gradient = 0.0, np.zeros(n_parts)
        for example, share in zip(examples, shares, strict=True):
            scores = example.parts @ weights.astype(np.float32)
            scores[example.seen] = -np.inf
            scores -= scores.max(axis=1, keepdims=True)
            chances = np.exp(scores)
            sums = chances.sum(axis=1, keepdims=True)
            total -= float((share * np.where(share > 0, scores - np.log(sums), 0)).sum())
            gradient += np.tensordot(chances / sums - share, example.parts, axes=([0, 1], [0, 1]))
        return total / n + _PENALTY * float(weights @ weights), gradient / n + 2 * _PENALTY * weights

    # Here, because who serves a model imports this module too, and never trains.
    from scipy import optimize

    found = optimize.minimize(loss, np.zeros(n_parts), jac=True, method="L-BFGS-B", options={"maxiter": 80})
    weights: Doubles = found.x
    return weights


def _ascend(examples: Sequence[Example], weights: Doubles, merit: float) -> tuple[Doubles, float]:
    """Move one weight at a time as long as rankings get better."""
    for _ in range(_ROUNDS):
        before = merit
        for part in range(len(weights)):
            for step in _STEPS:
                moved = weights.copy()
                moved[part] += step * np.abs(weights).max()
                reached = _merit(examples, moved)
                if reached > merit + _GAIN:
                    weights, merit = moved, reached
        if merit == before:
            break
    return weights, merit


def _merit(examples: Sequence[Example], weights: Doubles) -> float:
    merits = [
        compute_merit(example.parts @ weights.astype(np.float32), example.seen, example.targets) for example in examples
    ]
    return float(np.concatenate(merits).mean())
