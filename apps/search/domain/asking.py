"""From what was understood to what is asked of the legs, and what gives way when nothing is found."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from apps.search.domain.analysis import fold, plain_numbers, query_terms
from apps.search.domain.nicknames import write_out
from apps.search.domain.ranking import STORY_TERMS, Question
from apps.search.domain.spelling import Spelling
from apps.search.domain.understanding.chips import Chip, ChipKind, Strength, Understanding
from apps.search.domain.understanding.lexicon import COUNTRY_LANGUAGES

#: What people add to a name of two words or more to say that it is one: "rocky 5 movie".
NAMED = re.compile(r"^(?P<name>\S+ .+) (?:movie|film|series|show|musical|cartoon|anime)$")
_YEAR_AT_END = re.compile(r"^(?P<name>.+) (?P<year>(?:18|19|20)\d\d)$")

#: What gives way first. Who watches, and what was excluded by name, never do.
_RELAXED_FIRST = (
    ChipKind.LEAVING,
    ChipKind.RUNTIME,
    ChipKind.PRICE,
    ChipKind.AWARD,
    ChipKind.GENRE,
    ChipKind.PLATFORM,
    ChipKind.LANGUAGE,
    ChipKind.COUNTRY,
    ChipKind.YEARS,
    ChipKind.KIND,
    ChipKind.PERSON,
)


#: With more titles than a first look takes in, what was meant is likely among them.
FEW = 10
#: What the catalogue often does not know of a title that has it.
_OFTEN_UNKNOWN = (ChipKind.RUNTIME, ChipKind.PERSON)


def ask(understanding: Understanding, typed: str, *, spelling: Spelling, by_meaning: bool = False) -> Question:
    """
    Write the question.

    Args:
        understanding: What was read.
        typed: The whole query.
        spelling: Of `understanding.text`.
        by_meaning: Whether a name is the last thing that is meant: the text is told, not typed.
    """
    tastes = understanding.tastes()
    terms = tuple(query_terms(spelling.text)) if spelling.text else ()
    dated = _YEAR_AT_END.match(understanding.text)
    names = () if by_meaning else _names(understanding, typed, spelling)
    tale = tuple(query_terms(spelling.of(understanding.tale))) if understanding.tale else ()
    return Question(
        names=names,
        terms=terms,
        tale=tale,
        meaning=spelling.of(understanding.meaning),
        year=int(dated["year"]) if dated else None,
        dated_name=dated["name"] if dated else "",
        references=tuple(reference.title_id for reference in understanding.references),
        genres=tuple(chip.id.partition(":")[2] for chip in tastes if chip.kind is ChipKind.GENRE),
        moods=tuple(chip.id.partition(":")[2] for chip in tastes if chip.kind is ChipKind.MOOD),
        languages=tuple(language for chip in understanding.constraints() for language in _languages(chip)),
        people=tuple(person for chip in tastes for person in _people(chip)),
        prefers_new=understanding.prefers_new,
        is_everything=_is_everything(understanding, terms),
        is_told=by_meaning or len(terms) >= STORY_TERMS,
        is_about=bool(understanding.references or understanding.constraints() or understanding.tastes())
        and not understanding.is_title,
    )


def ways_to_doubt(question: Question, constraints: tuple[Chip, ...]) -> Iterator[tuple[Question, frozenset[str]]]:
    """
    Give what to ask, and without which chip, when nothing that fits the conditions is about what was told.

    A title's length and cast are often not known, so the title that was meant may be hidden by them alone. Somebody who
    was named orders then instead.
    """
    for chip in constraints:
        if chip.kind in _OFTEN_UNKNOWN and not chip.id.startswith("not_"):
            people = chip.filters.get("people", ())
            assert isinstance(people, tuple)
            yield replace(question, people=(*question.people, *people), is_everything=False), frozenset({chip.id})


def _ways_to_cast(question: Question, constraints: tuple[Chip, ...]) -> Iterator[tuple[Question, frozenset[str]]]:
    """
    Give what to ask, and without which chip, when nothing has all the people who were named.

    One may be whom another plays, so the name is looked for among the characters: "rami malek freddie mercury".
    """
    named = [chip for chip in constraints if chip.kind is ChipKind.PERSON and not chip.id.startswith("not_")]
    for chip in named if len(named) > 1 else ():
        terms = tuple(query_terms(chip.words))
        yield replace(question, terms=(*question.terms, *terms), is_everything=False), frozenset({chip.id})


def ways_to_relax(question: Question, constraints: tuple[Chip, ...]) -> Iterator[tuple[Question, frozenset[str]]]:
    """Give what to ask, and the chips to leave out, one after the other: each alone, then ever more together."""
    yield from _ways_to_cast(question, constraints)
    order = {kind: place for place, kind in enumerate(_RELAXED_FIRST)}
    weak = sorted(
        (chip for chip in constraints if chip.kind in order and not chip.id.startswith("not_")),
        key=lambda chip: order[chip.kind],
    )
    for chip in weak:
        yield question, frozenset({chip.id})
    for count in range(2, len(weak) + 1):
        yield question, frozenset(chip.id for chip in weak[:count])


def _names(understanding: Understanding, typed: str, spelling: Spelling) -> tuple[str, ...]:
    """Give what may be a name: what was not read, the whole text, and both spelt and written as the index has them."""
    if understanding.references or understanding.is_open:
        return ()
    whole = fold(typed)
    texts = [understanding.text, whole, spelling.text]
    if named := NAMED.match(whole):
        texts.append(named["name"].removesuffix(" tv"))
    # The first of a series is called so by nobody but those who look for it.
    texts += [text.removesuffix(" 1") for text in texts if text.endswith(" 1")]
    return tuple(dict.fromkeys(form for text in texts for form in (text, plain_numbers(write_out(text))) if form))


def _is_everything(understanding: Understanding, terms: tuple[str, ...]) -> bool:
    """
    Say whether every title that fits the conditions is an answer.

    So it is when nothing else was said, not even a condition; and of somebody's titles there are so few that the words
    beside the name order them and need hide none.
    """
    constraints = understanding.constraints()
    if any("people" in chip.filters for chip in constraints):
        return True
    if understanding.is_open:
        return True
    return not terms and not understanding.references and bool(constraints or understanding.tastes())


def _languages(chip: Chip) -> Iterator[str]:
    """Give the languages of the countries that a chip asks for."""
    countries = chip.filters.get("countries", ())
    assert isinstance(countries, tuple)
    yield from (COUNTRY_LANGUAGES[country] for country in countries if country in COUNTRY_LANGUAGES)


def _people(chip: Chip) -> tuple[UUID, ...]:
    people = chip.filters.get("people", ()) if chip.strength is Strength.SOFT else ()
    assert isinstance(people, tuple)
    return people
