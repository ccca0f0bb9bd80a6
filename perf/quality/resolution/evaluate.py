"""Score entity resolution on the sample feeds, against ids that it was not shown."""

import argparse
import csv
import gzip
import io
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

Row = tuple[str, str]

#: Wrong and missed pairs printed.
_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Verdict:
    """Pairs of rows by what was said of them and what is true."""

    right: int
    wrong: tuple[tuple[Row, Row], ...]
    missed: tuple[tuple[Row, Row], ...]
    undecided: int

    @property
    def precision(self) -> float:
        """Share of the joined pairs that are one work."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """Share of the pairs of one work that were joined."""
        return self.right / max(1, self.right + len(self.missed))


def judge(clusters: Mapping[Row, str], works: Mapping[Row, str], ambiguous: Iterable[frozenset[str]]) -> Verdict:
    """
    Compare clusters with works, pair by pair.

    Args:
        clusters: Row -> the title that it was taken for.
        works: Row -> the work that it is.
        ambiguous: Pairs of works that may be one; their rows count neither way.
    """
    open_pairs = set(ambiguous)
    right, undecided, wrong, missed = 0, 0, [], []
    for pair in _pairs_within(works):
        if clusters[pair[0]] == clusters[pair[1]]:
            right += 1
        else:
            missed.append(pair)
    for pair in _pairs_within({row: clusters[row] for row in works}):
        one, other = works[pair[0]], works[pair[1]]
        if one != other and frozenset((one, other)) in open_pairs:
            undecided += 1
        elif one != other:
            wrong.append(pair)
    return Verdict(right, tuple(wrong), tuple(missed), undecided)


def _pairs_within(groups: Mapping[Row, str]) -> Iterator[tuple[Row, Row]]:
    members: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(groups):
        members[groups[row]].append(row)
    for rows in members.values():
        yield from combinations(rows, 2)


def main(arguments: list[str]) -> int:
    """Ingest, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=Path, default=Path("../shared/data/feeds"))
    parser.add_argument("--kaggle", action="store_true", help="ingest the Kaggle-style feeds first")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="print N decisions on Kaggle-style rows")
    options = parser.parse_args(arguments)
    if not options.feeds.is_dir():
        print(f"No sample feeds in {options.feeds}: nothing to evaluate.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "settings.dev", "MG_DATA_DIR": folder, "DATABASE_URL": ""}
        import django

        django.setup()
        _evaluate(options.feeds, with_kaggle=options.kaggle, sample=options.sample)
    return 0


def _evaluate(folder: Path, *, with_kaggle: bool, sample: int) -> None:
    from django.core.management import call_command

    from apps.ingestion.domain.shelves import SAMPLE_FEEDS

    call_command("migrate", verbosity=0)
    listings = [feed for feed in SAMPLE_FEEDS if with_kaggle or feed.layout == "justwatch-csv"]
    for feed in listings:
        listing = (f"--platform={feed.platform}", "--region=US", f"--as-of={feed.as_of}", "--mask-ids")
        call_command("ingest", feed.layout, str(folder / feed.file), *listing, stdout=io.StringIO())
    exported = io.StringIO()
    call_command("export_mappings", stdout=exported)
    exported.seek(0)
    mappings = [mapping for mapping in csv.DictReader(exported) if mapping["content_id"]]
    clusters = {
        (mapping["platform"], mapping["source_id"]): mapping["content_id"]
        for mapping in mappings
        if mapping["source"] == "justwatch-csv"
    }
    rows = {
        (feed.platform, row["id"]): row
        for feed in listings
        if feed.layout == "justwatch-csv"
        for row in _read(folder / feed.file)
    }
    verdict = judge(clusters, {row: row[1] for row in clusters}, _of_one_imdb_id(rows))
    joined = verdict.right + len(verdict.wrong)
    print(f"records {len(mappings)}, titles {len({mapping['content_id'] for mapping in mappings})}")
    print("methods", dict(Counter(mapping["method"] for mapping in mappings).most_common()))
    print(
        f"JustWatch pairs: true {verdict.right + len(verdict.missed)}, joined {joined}, undecided {verdict.undecided}"
    )
    print(f"precision {verdict.precision:.4f}, recall {verdict.recall:.4f}")
    for name, pairs in (("wrong", verdict.wrong), ("missed", verdict.missed)):
        for pair in pairs[:_SHOWN]:
            print(f"  {name}:", " | ".join(_describe(row, rows[row]) for row in pair))
    if with_kaggle:
        _check_printed_texts()
        _print_sample(sample)


def _read(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def _of_one_imdb_id(rows: Mapping[Row, Mapping[str, str]]) -> Iterator[frozenset[str]]:
    """Yield the pairs of JustWatch ids that have one IMDb id."""
    named: dict[str, set[str]] = defaultdict(set)
    for (_, own_id), row in rows.items():
        if row["imdb_id"]:
            named[row["imdb_id"]].add(own_id)
    for own_ids in named.values():
        yield from (frozenset(pair) for pair in combinations(sorted(own_ids), 2))


def _describe(row: Row, values: Mapping[str, str]) -> str:
    return f"{row[0]}/{row[1]} {values['title']!r} {values['release_year']} {values['runtime']} min {values['type']}"


def _check_printed_texts() -> None:
    """Count Kaggle-style rows that print a JustWatch row's synopsis, and how many of them were joined with it."""
    from apps.ingestion.models import MatchKey

    columns = ("key", "record__platform", "record__source", "record__title_id", "record__facts__kind")
    shelves: dict[tuple[str, str, bool], dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for key, platform, source, title_id, kind in MatchKey.objects.filter(key__startswith="synopsis:").values_list(
        *columns
    ):
        shelves[key, platform, kind == "series"][source].append(title_id)
    pairs = [
        (title_id, sources["justwatch-csv"][0])
        for sources in shelves.values()
        if len(sources["justwatch-csv"]) == 1
        for title_id in sources["kaggle-csv"]
    ]
    joined = sum(one == other for one, other in pairs)
    print(
        f"Kaggle rows that print a JustWatch row's synopsis: {len(pairs)}, joined {joined} ({joined / len(pairs):.4f})"
    )


def _print_sample(size: int) -> None:
    """Print decisions on records that met a Kaggle-style one, drawn alike from joined and from near misses."""
    from apps.ingestion.models import StagedRecord

    decided = StagedRecord.objects.filter(source="justwatch-csv", evidence__has_key="score").order_by("id")
    for record in random.Random(1).sample(list(decided), min(size, decided.count())):
        met = str(record.evidence.get("nearest") or record.title_id)
        print(f"{record} [{record.method}] {record.evidence['score']} {_sight(record.facts)}")
        for other in StagedRecord.objects.filter(title_id=met).exclude(pk=record.pk)[:2]:
            print(f"    {other} {_sight(other.facts)}")


def _sight(facts: Mapping[str, object] | None) -> str:
    shown = ("title", "year", "kind", "runtime_minutes", "synopsis")
    return str([(facts or {}).get(name) for name in shown])[:240]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
