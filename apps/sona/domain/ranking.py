"""From a person's likings to a list: score, forbid, diversify, and say why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

import numpy as np

from apps.sona.domain.arrays import Doubles, Floats, Ints, Mask
from apps.sona.domain.interactions import compute_steps_back
from apps.sona.domain.model import PARTS, History, SonaModel, measure
from apps.sona.domain.shelf import Shelf
from apps.sona.domain.signals import Liking, SignalKind

#: Titles among which a list is diversified.
POOL = 100
#: Likings that are tried as reasons: each costs a ranking of its own.
_TRIED_REASONS = 3
#: Likings among which these are looked for; the newest.
_ASKED_REASONS = 50
#: Below this a deviation is rounding.
_FLAT = 1e-9
#: Place of the parts that are no reason of a person's own.
_CONTENT, _POPULARITY, _TREND = PARTS.index("content"), PARTS.index("popularity"), PARTS.index("trend")


class Source(StrEnum):
    """Which part of the model spoke loudest for a title."""

    SIMILAR_TASTES = "similar_tastes"
    WATCHED_TOGETHER = "watched_together"
    SIMILAR_TITLES = "similar_titles"
    POPULAR = "popular"
    TRENDING = "trending"
    CONTEXT = "context"


_SOURCES = (
    Source.SIMILAR_TASTES,
    Source.WATCHED_TOGETHER,
    Source.WATCHED_TOGETHER,
    Source.SIMILAR_TASTES,
    Source.POPULAR,
    Source.TRENDING,
    Source.SIMILAR_TITLES,
)


class ReasonCode(StrEnum):
    """Why a title is on the list. The first three hold by trial: without that title, this one would not be here."""

    BECAUSE_WATCHED = "because_you_watched"
    BECAUSE_RATED = "because_you_rated"
    BECAUSE_ADDED = "because_you_added"
    FAVOURITE_GENRE = "favourite_genre"
    FITS_MOMENT = "fits_the_moment"
    POPULAR = "popular"


_BECAUSE = {
    SignalKind.WATCHED: ReasonCode.BECAUSE_WATCHED,
    SignalKind.RATED: ReasonCode.BECAUSE_RATED,
    SignalKind.ADDED: ReasonCode.BECAUSE_ADDED,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why; `title_id` is what it is because of, for the reasons that are because of a title."""

    code: ReasonCode
    title_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A recommended title; `score` is the share of what may be recommended that ranks no higher, 0..1."""

    title_id: UUID
    score: float
    source: Source
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What is asked of a ranking.

    Attributes:
        permitted: What may be recommended to this person at all, shape (n_slots,).
        hidden: Slots that the person knows already.
        popular_from: Popularity from which on a title is called popular.
        fits_moment: What fits the moment that the request describes; None when it describes none.
        lift: Added to scores, in standard deviations.
        favourites: Genres that the person named.
        diversity: 0: best first, whatever they are; 1: as different as can be.
        multipliers: On the blend's weights, shape (n_parts,).
        limit: Most titles.
    """

    permitted: Mask
    hidden: Ints
    popular_from: float
    fits_moment: Mask | None
    lift: Floats
    favourites: frozenset[str]
    diversity: float
    multipliers: Doubles
    limit: int

    def allowed(self) -> Mask:
        """Mark what may be recommended and is not known."""
        allowed = self.permitted.copy()
        allowed[self.hidden] = False
        return allowed


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """
    What the parts said of everything for one person.

    Attributes:
        positions: The model's item of each slot, -1 for a title that came later.
        parts, mean, scale: Scores by part, shape (n_parts, n_items), and what makes them a share of the whole.
        of_new: By part, what is said of titles that came later, shape (n_slots,).
    """

    positions: Ints
    parts: Floats
    mean: Floats
    scale: Floats
    of_new: dict[int, Floats]

    def at(self, slots: Ints) -> Floats:
        """Give what each part adds to the score of some slots, shape (n_slots, n_parts)."""
        positions = self.positions[slots]
        told = np.zeros((len(slots), len(PARTS)), np.float32)
        known = positions >= 0
        told[known] = (self.parts[:, positions[known]].T - self.mean) * self.scale
        for part, values in self.of_new.items():
            told[~known, part] = values[slots[~known]]
        return told


@dataclass(frozen=True, eq=False)
class Engine:
    """
    A model over a shelf.

    Attributes:
        places: Slot of each of the model's items, -1 where the title has left.
        positions: The model's item of each slot, -1 where the title came later.
        is_aligned: Whether every slot is the item of the same place, so that scores need no moving.
    """

    model: SonaModel
    shelf: Shelf
    places: Ints
    positions: Ints
    is_aligned: bool

    def recommend(self, likings: Sequence[Liking], wish: Wish) -> tuple[Pick, ...]:
        """
        Make a list, best first, with reasons that were tried.

        Every title is scored once for the list, and once more for each liking that is tried as a reason.
        """
        (scores,), (told,) = self.score(likings, wish)
        allowed = wish.allowed()
        pool = self._pool(scores, allowed, wish)
        chosen = self._diversify(scores, pool, wish)
        if not len(chosen):
            return ()
        because = self._find_causes(likings, wish, chosen)
        # Whatever ranks above a title of the pool is in the pool itself.
        above = (scores[pool] > scores[chosen][:, None]).sum(axis=1)
        shares = 1 - above / np.count_nonzero(allowed)
        return tuple(
            Pick(
                self.shelf.ids[slot],
                round(float(share), 4),
                _source(parts, float(wish.lift[slot])),
                self._reasons(slot, because.get(slot, ()), wish),
            )
            for slot, share, parts in zip(chosen.tolist(), shares, told.at(chosen), strict=True)
        )

    def score(
        self, likings: Sequence[Liking], wish: Wish, *, without: Sequence[int | None] = (None,)
    ) -> tuple[list[Floats], list["Told"]]:
        """
        Score every slot, and give what each part told.

        Args:
            likings: Oldest first.
            wish: Its lift and multipliers count here.
            without: Places of likings; each makes one version, in which that liking is left out.

        Returns:
            By version: scores, shape (n_slots,), and what made them. A version comes out the same to the last bit
            whichever stand beside it.
        """
        history = self.history_of(likings, without=without)
        new = None if self.is_aligned else self.positions < 0
        every_score, every_told = [], []
        for left_out, length, parts in zip(without, history.lengths(), self.model.parts(history), strict=True):
            weights = self.model.blend.weights(int(length)) * wish.multipliers
            mean, spread = measure(parts)
            scale = weights.astype(np.float32) / spread
            told = Told(self.positions, parts, mean, scale, {})
            scores = wish.lift.copy()
            if self.model.n_items:
                total = scale @ parts - float(scale @ mean)
                # A slot without a position reads some other item's score here, and gets its own below.
                scores += total if self.is_aligned else total[self.positions]
            if new is not None and new.any():
                rest = [liking for place, liking in enumerate(likings) if place != left_out]
                told.of_new.update(self._tell_of_new(rest, weights))
                scores[new] = wish.lift[new] + sum(each[new] for each in told.of_new.values())
            every_score.append(scores)
            every_told.append(told)
        return every_score, every_told

    def choose(self, scores: Floats, wish: Wish) -> Ints:
        """Choose slots by maximal marginal relevance (Carbonell, Goldstein, 1998) among the best; ties by id."""
        return self._diversify(scores, self._pool(scores, wish.allowed(), wish), wish)

    def _pool(self, scores: Floats, allowed: Mask, wish: Wish) -> Ints:
        """Take the best of what is allowed, best first."""
        size = max(POOL, wish.limit)
        places = np.flatnonzero(allowed)
        if len(places) > size:
            own = np.where(allowed, scores, -np.inf)
            # All that equals the last one stands for election, so that ties are by id and not by chance.
            places = np.flatnonzero(own >= np.partition(own, len(own) - size)[len(own) - size])
        return places[np.argsort(-scores[places], kind="stable")][:size].astype(np.int32)

    def _diversify(self, scores: Floats, pool: Ints, wish: Wish) -> Ints:
        if not len(pool) or not wish.diversity:
            return pool[: wish.limit]
        own = scores[pool]
        relevance = (1 - wish.diversity) * (own - own.min()) / (float(np.ptp(own)) or 1.0)
        style = self.shelf.style[pool]
        alike = wish.diversity * (style @ style.T)
        closest = np.zeros(len(pool), np.float32)
        value = np.empty_like(closest)
        chosen: list[int] = []
        for _ in range(min(wish.limit, len(pool))):
            best_place = int(np.subtract(relevance, closest, out=value).argmax())
            chosen.append(best_place)
            relevance[best_place] = -np.inf
            np.maximum(closest, alike[best_place], out=closest)
        return pool[chosen]

    def history_of(self, likings: Sequence[Liking], *, without: Sequence[int | None] = (None,)) -> History:
        """Write likings, oldest first, as the model's items, in versions; what the model does not know is left out."""
        known = [
            (place, position, liking)
            for place, liking in enumerate(likings)
            if (slot := self.shelf.slots.get(liking.title_id)) is not None
            and (position := int(self.positions[slot])) >= 0
        ]
        places = np.array([place for place, _, _ in known], np.int32)
        at = np.array([liking.at.timestamp() for _, _, liking in known])
        strengths = np.array([liking.strength for _, _, liking in known], np.float32)
        kept = np.stack([places != (-1 if left_out is None else left_out) for left_out in without])
        steps_back = np.zeros(kept.shape)
        for version, rest in enumerate(kept):
            steps_back[version, rest] = compute_steps_back(np.zeros(int(rest.sum()), np.int32), at[rest])
        items = np.array([position for _, position, _ in known], np.int32)
        return History(items, strengths * kept, steps_back)

    def _tell_of_new(self, likings: Sequence[Liking], weights: Doubles) -> dict[int, Floats]:
        """Score titles that came after the training by the catalogue's popularity and by how they feel."""
        slots = [self.shelf.slots[each.title_id] for each in likings if each.title_id in self.shelf.slots]
        told = {_POPULARITY: np.float32(weights[_POPULARITY]) * _standardised(self.shelf.popularity)}
        if slots:
            taste = self.shelf.style[slots].mean(axis=0)
            told[_CONTENT] = np.float32(weights[_CONTENT]) * _standardised(self.shelf.style @ taste)
        return told

    def _find_causes(self, likings: Sequence[Liking], wish: Wish, chosen: Ints) -> dict[int, tuple[Liking, ...]]:
        """
        Find which titles on the list are there because of a liking: without it they are not.

        Tried are the likings that speak loudest for the titles on the list.
        """
        causes: dict[int, tuple[Liking, ...]] = {}
        tried = self._loudest(likings, chosen)
        if not tried:
            return causes
        every_score, _ = self.score(likings, wish, without=tried)
        for place, scores in zip(tried, every_score, strict=True):
            # Without it, it is a title like any other, and may be recommended itself.
            slot = self.shelf.slots[likings[place].title_id]
            other = replace(wish, hidden=wish.hidden[wish.hidden != slot])
            remaining = set(self.choose(scores, other).tolist())
            for dropped in set(chosen.tolist()) - remaining:
                causes[dropped] = (*causes.get(dropped, ()), likings[place])
        return causes

    def _loudest(self, likings: Sequence[Liking], chosen: Ints) -> list[int]:
        """Name the places of the likings whose neighbours the chosen are, loudest first."""
        tried = [
            (place, position, liking.strength)
            for place, liking in list(enumerate(likings))[-_ASKED_REASONS:]
            if (slot := self.shelf.slots.get(liking.title_id)) is not None
            and (position := int(self.positions[slot])) >= 0
        ]
        if not tried:
            return []
        wanted = np.zeros(self.model.n_items, np.bool_)
        wanted[self.positions[chosen][self.positions[chosen] >= 0]] = True
        positions = [position for _, position, _ in tried]
        # Each table by its own measure; what came last counts most in the parts that forget.
        loudness = np.zeros(len(tried))
        for table in (self.model.linear, self.model.successions, self.model.content):
            told = np.abs(table.values[positions] * wanted[table.columns[positions]]).sum(axis=1)
            loudness += told / max(float(told.max()), 1e-9)
        recency = 0.5 ** (np.arange(len(tried))[::-1] / 3)
        loudness *= np.array([strength for _, _, strength in tried]) * (0.1 + recency)
        return [tried[each][0] for each in np.argsort(-loudness, kind="stable")[:_TRIED_REASONS] if loudness[each] > 0]

    def _reasons(self, slot: int, because: Sequence[Liking], wish: Wish) -> tuple[Reason, ...]:
        """Write what is true of a title, the most personal first."""
        reasons = [Reason(_BECAUSE[liking.why], liking.title_id) for liking in because]
        if any(self.shelf.genres[genre][slot] for genre in wish.favourites if genre in self.shelf.genres):
            reasons.append(Reason(ReasonCode.FAVOURITE_GENRE))
        if wish.fits_moment is not None and wish.fits_moment[slot]:
            reasons.append(Reason(ReasonCode.FITS_MOMENT))
        if self.shelf.popularity[slot] >= wish.popular_from:
            reasons.append(Reason(ReasonCode.POPULAR))
        return tuple(reasons)


def join(model: SonaModel, ids: Sequence[UUID], shelf: Shelf) -> Engine:
    """Lay a model, whose items these ids are, over a shelf; a Python step for each item."""
    places = np.array([shelf.slots.get(title_id, -1) for title_id in ids], np.int32)
    positions = np.full(shelf.size, -1, np.int32)
    on_shelf = np.flatnonzero(places >= 0)
    positions[places[on_shelf]] = on_shelf
    is_aligned = len(ids) == shelf.size and bool((positions == np.arange(shelf.size)).all())
    return Engine(model, shelf, places, positions, is_aligned)


def _source(told: Floats, lift: float) -> Source:
    loudest = int(told.argmax())
    return Source.CONTEXT if lift > told[loudest] else _SOURCES[loudest]


def _standardised(values: Floats) -> Floats:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread if spread > _FLAT else 1), np.float32)
