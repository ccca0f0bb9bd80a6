"""Score the legs of search one by one and together, on judged queries over the titles that our editors wrote."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from apps.search.domain.evaluation import JudgedQuery, Outcome, Score

QUERIES = Path(__file__).parent / "judged.csv"
#: Of plain reciprocal rank fusion (Cormack et al. 2009).
_RRF_K = 60
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to rank, scored by kind of query."""

    name: str
    scores: "Mapping[str, Score]"


def main(arguments: Sequence[str]) -> int:
    """Build the catalogue in a folder of its own, score, print the table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedder", nargs="+", default=["use"], help="see MG_EMBEDDER; several are compared")
    parser.add_argument("--plot", type=Path, help="where to draw the first one's table, as SVG")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="settings.dev",
            MG_DATA_DIR=folder,
            MG_LOG_LEVEL="error",
            MG_EMBEDDER=options.embedder[0],
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        build_catalogue()
        for embedder in options.embedder:
            cost = embed_with(embedder)
            variants = score_variants()
            print(f"\n{cost}\n")
            print_table(variants)
            if options.plot and embedder == options.embedder[0]:
                draw(variants, options.plot)
    return 0


def build_catalogue() -> None:
    """Load the editors' files of the starter catalogue and index them; some seconds."""
    from apps.ingestion.services.starter import list_starter_files, load_starter_file
    from mediagateway import events

    for file in list_starter_files():
        if file.source == "editorial":
            load_starter_file(file, on_progress=lambda *_: None)
    while events.deliver_pending():
        pass


def embed_with(kind: str) -> str:
    """Embed the catalogue with another model, and say what that costs."""
    from django.conf import settings

    from apps.search.adapters.meaning import meanings
    from apps.search.management.commands.evaluate_search import read_queries
    from apps.search.models import SearchDocument
    from apps.search.services.vectors import follow_titles
    from mediagateway.vectors import configured

    settings.EMBEDDER = kind
    configured.get_embedder.cache_clear()
    embedder = configured.get_embedder()
    embedder.embed(["warm up"])
    started = time.process_time()
    while follow_titles():
        pass
    title_ms = (time.process_time() - started) * 1000 / SearchDocument.objects.count()
    texts = [query.query for query in read_queries(QUERIES)]
    took = []
    for text in texts:
        started = time.process_time()
        embedder.embed([text])
        took.append((time.process_time() - started) * 1000)
    # Vectors of texts are kept by process, and belong to the model before.
    meanings.forget()
    return (
        f"{embedder.name} {embedder.version}: {embedder.dim} numbers, {title_ms:.1f} ms of CPU a title with all that"
        f" writes it, {sorted(took)[len(took) // 2]:.1f} ms a query"
    )


def score_variants(only: Collection[str] = ()) -> list[Variant]:
    """
    Score each way to rank on the queries whose target this catalogue has.

    Args:
        only: Names of the ways to score; empty is all.
    """
    from django.utils import timezone

    from apps.search.domain.evaluation import compute_scores
    from apps.search.domain.weights import DEFAULT_WEIGHTS
    from apps.search.management.commands.evaluate_search import read_queries
    from apps.search.queries.evaluating import evaluate, find_targets
    from mediagateway.policy import Policy

    queries = read_queries(QUERIES)
    targets = find_targets(queries)
    queries = [query for query in queries if targets[query.qid]]
    now, policy = timezone.now(), Policy(region="US")
    unranked = replace(DEFAULT_WEIGHTS, popularity=0.0, namesake=0.0, renown=0.0)
    gated = {
        # A similarity that nothing has: no title is found by its meaning.
        "words and names": replace(unranked, floor=2.0, floor_named=2.0),
        "all legs, no gate": replace(unranked, gate=0.0),
        "all legs, gated": unranked,
        "+ priors (as served)": DEFAULT_WEIGHTS,
    }
    plain = {
        "BM25": lambda query: _lexical(query.query),
        "meaning": lambda query: _nearest(query.query),
        "BM25 + meaning by RRF": lambda query: _fuse(_lexical(query.query), _nearest(query.query)),
    }
    variants = [
        Variant(name, compute_scores(_rank(queries, targets, order)))
        for name, order in plain.items()
        if not only or name in only
    ]
    for name, weights in gated.items():
        if only and name not in only:
            continue
        outcomes = list(evaluate(queries, policy=policy, now=now, weights=weights))
        variants.append(Variant(name, compute_scores(outcomes)))
    return variants


def print_table(variants: Sequence[Variant]) -> None:
    """Print R@1/R@10 of every kind of query."""
    kinds = list(variants[0].scores)
    print("| ranking |", " | ".join(f"{kind} ({variants[0].scores[kind].n})" for kind in kinds), "|")
    print("| --- |", " | ".join("---:" for _ in kinds), "|")
    for variant in variants:
        cells = (f"{variant.scores[kind].recall_1:.2f} / {variant.scores[kind].recall_10:.2f}" for kind in kinds)
        print(f"| {variant.name} |", " | ".join(cells), "|")


def draw(variants: Sequence[Variant], path: Path) -> None:
    """Draw R@10 by kind of query, one bar for each ranking."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    kinds = list(variants[0].scores)
    figure, axes = plt.subplots(figsize=(10, 4))
    width = 0.8 / len(variants)
    for place, variant in enumerate(variants):
        heights = [variant.scores[kind].recall_10 for kind in kinds]
        axes.bar([at + place * width for at in range(len(kinds))], heights, width, label=variant.name)
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(kinds))], kinds)
    axes.set_ylabel("R@10")
    axes.legend(loc="lower right", fontsize=7)
    figure.tight_layout()
    figure.savefig(path)


def _rank(
    queries: "Sequence[JudgedQuery]",
    targets: Mapping[str, frozenset[UUID]],
    order: "Callable[[JudgedQuery], Sequence[UUID]]",
) -> "list[Outcome]":
    from apps.search.domain.evaluation import Outcome

    outcomes = []
    for query in queries:
        found = order(query)[:_DEPTH]
        rank = next((place for place, title_id in enumerate(found, 1) if title_id in targets[query.qid]), None)
        outcomes.append(Outcome(query, rank, is_resolved=True, first=""))
    return outcomes


def _lexical(text: str) -> list[UUID]:
    """Rank by the full-text engine alone: any of the words."""
    from apps.search.adapters import lexical_index
    from apps.search.domain.analysis import query_terms
    from apps.search.models import SearchDocument

    terms = query_terms(text)
    matches = lexical_index().match(terms, at_least=1)
    best = sorted(zip((-matches.scores).tolist(), matches.numbers.tolist(), strict=True))[:_DEPTH]
    ids = dict(
        SearchDocument.objects.filter(number__in=[number for _, number in best]).values_list("number", "title_id")
    )
    return [ids[number] for _, number in best]


def _nearest(text: str) -> list[UUID]:
    """Rank by meaning alone."""
    from mediagateway.vectors.configured import TITLES, get_embedder, get_vector_index

    return list(get_vector_index().nearest(TITLES, get_embedder().embed([text])[0], limit=_DEPTH).ids)


def _fuse(*rankings: Sequence[UUID]) -> list[UUID]:
    """Fuse rankings by the sum of 1 / (k + rank)."""
    points: dict[UUID, float] = {}
    for ranking in rankings:
        for rank, title_id in enumerate(ranking, 1):
            points[title_id] = points.get(title_id, 0.0) + 1.0 / (_RRF_K + rank)
    return sorted(points, key=lambda title_id: (-points[title_id], title_id))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
