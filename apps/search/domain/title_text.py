"""The one text by which a title becomes a vector."""

from hashlib import blake2b

from apps.content.contracts import IndexEntry, Role

#: Grows whenever the same title would give another text: its vectors must then be made again.
TEXT_VERSION = 1
_MOST_ACTORS = 5
_KIND_WORDS = {"movie": "film", "series": "series", "special": "special", "short": "short film"}


def title_text(entry: IndexEntry) -> str:
    """
    Write what a title is and is about, as a person would tell it.

    What it is about comes first, because a model cuts the end of what is too long.
    """
    names = [entry.title]
    if entry.original_title and entry.original_title != entry.title:
        names.append(entry.original_title)
    year = f" ({entry.release_year})" if entry.release_year else ""
    kinds = " ".join([*_said(entry.genres), _KIND_WORDS.get(entry.kind, str(entry.kind))])
    tags = ", ".join([*_said(entry.moods), *_said(entry.themes)])
    directors = [person.name for person in entry.people if person.role == Role.DIRECTOR]
    actors = [person.name for person in entry.people if person.role == Role.ACTOR][:_MOST_ACTORS]
    parts = [
        f"{' / '.join(names)}{year}",
        entry.synopsis.strip(),
        kinds,
        tags,
        f"Directed by {', '.join(directors)}" if directors else "",
        f"With {', '.join(actors)}" if actors else "",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def text_digest(text: str) -> str:
    """Tell two texts apart in 16 letters."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _said(slugs: tuple[str, ...]) -> list[str]:
    """Write slugs as words."""
    return [slug.replace("_", " ") for slug in slugs]
