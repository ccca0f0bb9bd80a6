"""What counts how much when results are ordered: one frozen value, which an administrator can change by version."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """
    Weights of a ranking; relevance is their sum over what is true of a title.

    Attributes:
        exact: Bears exactly this name; above everything else together.
        prefix, prefix_share: Begins so; and the share of the name that was typed.
        words: Has all the words, by how well (0..1).
        aside: Share of names and `words` that counts when the words are a subject beside conditions, not a name.
        topic: Share of that again which counts when the subject is a word or two and the name has others too: who wants
            "space movies" does not mean what has "space" in its name.
        theme: Has that subject, or a share of it (0..1), among its themes: "heist movies" are asked for what tells of a
            heist, not for what mentions one.
        story: Has some of the words of a story, by how well (0..1).
        meaning: Is about the same, by how alike (0..1).
        gate: Share of `story` and `meaning` that is taken away when the query is surely a name.
        person: Somebody who was named beside a story is on it.
        taste: Has a genre or mood that was wished for, or speaks the language of the country that was.
        alike: Is like a title that was named (0..1).
        popularity, namesake, renown, year, newness: Small priors: how well known; that again among equal names, and
            when something is told, because people tell what many have seen; of the year that the query ends with; how
            new, when new was wished for.
        shelf: How well known, when a few words stand beside conditions: of "zombie movies" people want the good ones.
        floor: Similarity, -1..1, from which a title counts as about the same.
        floor_named: That floor when the query is surely a name.
        fitting: Similarity from which a title is surely about what was told.
    """

    exact: float = 4.0
    prefix: float = 1.0
    prefix_share: float = 0.4
    words: float = 1.0
    aside: float = 0.3
    topic: float = 0.5
    theme: float = 0.5
    story: float = 0.9
    meaning: float = 1.2
    gate: float = 0.9
    person: float = 1.0
    taste: float = 0.25
    alike: float = 1.5
    popularity: float = 0.42
    namesake: float = 0.5
    renown: float = 0.2
    shelf: float = 0.5
    year: float = 0.5
    newness: float = 0.6
    floor: float = 0.3
    floor_named: float = 0.55
    fitting: float = 0.4


DEFAULT_WEIGHTS = Weights()
