"""
Folding all records of a work into one title, field by field, by stated rules.

The fold is a pure function of the set of records: the order in which they arrived does not count, and a record added
never takes a value away without giving one. Records are ranked by their source's rank (lower first), within a source
by their known time (newest first), then by their key; "the best record" below is the first in that order that has the
field at all. Each field keeps who said its value, and by which rule.

============== ==========================================================================================
title          best record whose title is not damaged; the title of another record becomes a name
synopsis       best record with at least 40 characters, else the longest there is
release_year   best record with a year of release; else, of years that are only bounds, the earliest
runtime        best record of the title's own kind
seasons        best record; counts of episodes come with it
genres         the best record's, then those that others add, up to 5 or to the best record's own number
people         of each role: the best record in billing order, else the best; further actors follow, up to 30
certificates   of each region: the best record that names a board's certificate, else the best
external ids   all, except those that resolution withheld
themes         all, the best record's first, up to 12
names          all names and differing titles, up to 12
scores         of each score's source: the best record
rating         mean of the marks among the scores and of TMDB's audience, on a scale of ten
popularity     the best record's audience, critics or editors, whoever says most (`apps.content.api.compute_popularity`)
everything else  best record
============== ==========================================================================================
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    FieldOrigin,
    Kind,
    NameDraft,
    Role,
    ScoreDraft,
    TitleDraft,
    TitleId,
)
from apps.ingestion.domain.facts import RecordKey, TitleFacts

MAX_GENRES: Final = 5
MAX_ACTORS: Final = 30
MAX_NAMES: Final = 12
MAX_THEMES: Final = 12
TELLING_SYNOPSIS: Final = 40

#: A service's own age mark ("16+", "ALL"), which any board's certificate beats.
_AGE_MARK: Final = re.compile(r"\d{1,2}\+|ALL")

#: The score whose count is the number of critics' reviews.
_CRITICS_COUNTED: Final = "rotten_tomatoes"
#: Scores that are shares of approving critics: no mark that could be averaged with marks.
_NO_MARKS: Final = frozenset({"rotten_tomatoes"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourcedFacts:
    """A record as it takes part in the fold."""

    key: RecordKey
    as_of: datetime
    facts: TitleFacts
    withheld_ids: frozenset[tuple[str, str]] = frozenset()


class PopularityOf(Protocol):
    """Makes one number from 0 to 1 of what is known of a work's audience (`apps.content.api.compute_popularity`)."""

    def __call__(
        self, *, tmdb_popularity: float | None, tmdb_age: int | None, review_count: int | None, renown: int | None
    ) -> float:
        """Compute the popularity; None where nothing is known."""


def fold_records(
    title_id: TitleId, records: Iterable[SourcedFacts], *, ranks: Mapping[str, int], popularity_of: PopularityOf
) -> TitleDraft:
    """
    Fold the records of a work.

    Args:
        title_id: Of the work.
        records: At least one; two with the same key are the caller's mistake.
        ranks: Rank of each source, lower wins.
        popularity_of: Makes the popularity.
    """
    best = sorted(records, key=lambda record: (ranks[record.key.source], -record.as_of.timestamp(), record.key))
    fold = _Fold(best)
    kind = fold.first("kind", lambda facts: facts.kind)
    assert kind is not None
    title, names = _fold_titles(fold)
    scores = _fold_scores(fold)
    release_year = _fold_year(fold)
    audience = next((record for record in best if record.facts.tmdb_popularity is not None), None)
    is_series = kind is Kind.SERIES
    return TitleDraft(
        id=title_id,
        kind=kind,
        title=title,
        original_title=fold.first("original_title", lambda facts: facts.original_title) or "",
        synopsis=_fold_synopsis(fold),
        release_year=release_year,
        end_year=fold.first("end_year", lambda facts: facts.end_year) if is_series else None,
        release_date=fold.first("release_date", lambda facts: facts.release_date),
        runtime_minutes=fold.first(
            "runtime_minutes", lambda facts: facts.runtime_minutes if (facts.kind is Kind.SERIES) is is_series else None
        ),
        original_language=fold.first("original_language", lambda facts: facts.original_language) or "",
        languages=fold.first("languages", lambda facts: facts.languages) or (),
        countries=fold.first("countries", lambda facts: facts.countries) or (),
        genres=_fold_genres(fold),
        moods=fold.first("moods", lambda facts: facts.moods) or (),
        themes=_fold_themes(fold),
        status=fold.first("status", lambda facts: facts.status) if is_series else None,
        seasons=(fold.first("seasons", lambda facts: facts.seasons) or ()) if is_series else (),
        popularity=popularity_of(
            tmdb_popularity=None if audience is None else audience.facts.tmdb_popularity,
            tmdb_age=None if audience is None or release_year is None else audience.as_of.year - release_year,
            review_count=next((score.count for score in scores if score.source == _CRITICS_COUNTED), None),
            renown=fold.first("", lambda facts: facts.renown),
        ),
        rating=_fold_rating(fold, scores),
        names=names,
        credits=_fold_people(fold),
        certificates=_fold_certificates(fold),
        scores=scores,
        external_ids=_fold_external_ids(fold),
        provenance=fold.origins,
    )


class _Fold:
    """The records of one work, best first, and the origins of what was taken from them so far."""

    def __init__(self, records: Sequence[SourcedFacts]) -> None:
        self.records = records
        self.origins: dict[str, FieldOrigin] = {}
        self._said = {record.key: (str(record.key), record.as_of.date().isoformat()) for record in records}

    def first(self, field: str, value_of: Callable[[TitleFacts], T | None], rule: str = "best_record") -> T | None:
        """Take a field from the best record that has it; an empty value is none. A nameless field keeps no origin."""
        for record in self.records:
            value = value_of(record.facts)
            if value not in (None, "", ()):
                self.note(field, record, rule)
                return value
        return None

    def note(self, field: str, record: SourcedFacts, rule: str) -> None:
        """Keep who said a field's value."""
        if field:
            self.origins[field] = FieldOrigin(record.key.source, *self._said[record.key], rule)


def _fold_titles(fold: _Fold) -> tuple[str, tuple[NameDraft, ...]]:
    title = fold.first("title", lambda facts: None if facts.is_title_damaged else facts.title, "best_undamaged")
    if title is None:
        title = fold.first("title", lambda facts: facts.title, "only_damaged")
    assert title is not None
    seen, names = {title.casefold()}, list[NameDraft]()
    for record in fold.records:
        facts = record.facts
        others = () if facts.is_title_damaged else (NameDraft(facts.title),)
        for name in (*facts.names, *others):
            if name.name.casefold() not in seen and len(names) < MAX_NAMES:
                seen.add(name.name.casefold())
                names.append(name)
                fold.note("names", record, "union")
    return title, tuple(names)


def _fold_themes(fold: _Fold) -> tuple[str, ...]:
    """Take everybody's: one tells of the story, another that it won an award."""
    themes = dict.fromkeys(theme for record in fold.records for theme in record.facts.themes)
    best = next((record for record in fold.records if record.facts.themes), None)
    if best is not None:
        fold.note("themes", best, "union")
    return tuple(themes)[:MAX_THEMES]


def _fold_synopsis(fold: _Fold) -> str:
    telling = fold.first(
        "synopsis", lambda facts: facts.synopsis if len(facts.synopsis) >= TELLING_SYNOPSIS else "", "best_telling"
    )
    if telling:
        return telling
    longest = max((record.facts.synopsis for record in fold.records), key=lambda synopsis: (len(synopsis), synopsis))
    return fold.first("synopsis", lambda facts: facts.synopsis if facts.synopsis == longest else "", "longest") or ""


def _fold_year(fold: _Fold) -> int | None:
    year = fold.first("release_year", lambda facts: None if facts.is_year_bound else facts.year, "year_of_release")
    if year is not None:
        return year
    bounds = [record.facts.year for record in fold.records if record.facts.year is not None]
    earliest = min(bounds, default=None)
    return fold.first("release_year", lambda facts: facts.year if facts.year == earliest else None, "earliest_bound")


def _fold_genres(fold: _Fold) -> tuple[str, ...]:
    genres: list[str] = []
    for record in fold.records:
        if not genres:
            genres = list(record.facts.genres)
            if genres:
                fold.note("genres", record, "best_record_then_others")
        else:
            added = [genre for genre in record.facts.genres if genre not in genres]
            genres += added[: max(0, MAX_GENRES - len(genres))]
    return tuple(genres)


def _fold_people(fold: _Fold) -> tuple[CreditDraft, ...]:
    """Fold credits role by role; the records in billing order go first, because an alphabet says nothing of leads."""
    ordered = sorted(fold.records, key=lambda record: not record.facts.has_billing_order)
    people: list[CreditDraft] = []
    for role in Role:
        credited: list[CreditDraft] = []
        for record in ordered:
            named = [person for person in record.facts.people if person.role is role]
            if not credited:
                credited = named
                if named:
                    fold.note(f"credits.{role}", record, "billing_order_first")
            elif role is Role.ACTOR:
                known = {person.name.casefold() for person in credited}
                further = [person for person in named if person.name.casefold() not in known]
                credited = [*credited, *further[: max(0, MAX_ACTORS - len(credited))]]
        people += credited
    return tuple(people)


def _fold_certificates(fold: _Fold) -> tuple[CertificateDraft, ...]:
    chosen: dict[str, CertificateDraft] = {}
    for is_age_mark in (False, True):
        for record in fold.records:
            for certificate in record.facts.certificates:
                if bool(_AGE_MARK.fullmatch(certificate.rating)) is is_age_mark and certificate.region not in chosen:
                    chosen[certificate.region] = certificate
                    rule = "age_mark" if is_age_mark else "board_first"
                    fold.note(f"certificates.{certificate.region}", record, rule)
    return tuple(chosen[region] for region in sorted(chosen))


def _fold_scores(fold: _Fold) -> tuple[ScoreDraft, ...]:
    chosen: dict[str, ScoreDraft] = {}
    for record in fold.records:
        for score in record.facts.scores:
            if score.source not in chosen:
                chosen[score.source] = score
                fold.note(f"scores.{score.source}", record, "best_record")
    return tuple(chosen[source] for source in sorted(chosen))


def _fold_rating(fold: _Fold, scores: Iterable[ScoreDraft]) -> float | None:
    """Take the mean of critics' marks and the audience's, on a scale of ten."""
    marks = [10.0 * score.score / score.out_of for score in scores if score.source not in _NO_MARKS]
    audience = fold.first("", lambda facts: facts.tmdb_score)
    marks += [] if audience is None else [audience]
    return round(sum(marks) / len(marks), 1) if marks else None


def _fold_external_ids(fold: _Fold) -> tuple[ExternalIdDraft, ...]:
    chosen: dict[ExternalIdDraft, None] = {}
    for record in fold.records:
        for external_id in record.facts.external_ids:
            if (external_id.scheme, external_id.value) not in record.withheld_ids and external_id not in chosen:
                chosen[external_id] = None
                fold.note(f"external_ids.{external_id.scheme}", record, "union")
    return tuple(chosen)
