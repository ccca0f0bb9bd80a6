"""The floor under search: on judged queries it is below neither two plain rankings fused, nor its aims."""

import pytest

from apps.search.adapters.meaning import meanings
from mediagateway.vectors import configured
from perf.quality.search.ablation import build_catalogue, embed_with, score_variants

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SERVED, FUSED = "+ priors (as served)", "BM25 + meaning by RRF"
#: Kind -> lowest R@10 accepted. The aims are for the whole catalogue; over the editors' titles they must hold, too.
FLOORS = {"plot": 0.85, "exact": 1.0, "typo": 0.97, "alias": 0.80}


@pytest.fixture
def catalogue(tmp_path, settings):
    """Our editors' titles with their vectors, in a folder of their own."""
    settings.DATA_DIR, settings.QDRANT_URL = tmp_path, ""
    configured.get_vector_index.cache_clear()
    build_catalogue()
    embed_with(settings.EMBEDDER)
    yield
    configured.get_vector_index.cache_clear()
    meanings.forget()


def test_search_is_not_worse_than_its_floor(catalogue):
    variants = {variant.name: variant.scores for variant in score_variants({SERVED, FUSED})}

    served, fused = variants[SERVED], variants[FUSED]
    assert {kind: served[kind].recall_10 for kind in FLOORS if served[kind].recall_10 < FLOORS[kind]} == {}
    assert {kind for kind in FLOORS if served[kind].recall_10 < fused[kind].recall_10} == set()
    assert served["exact"].recall_1 == 1.0
    assert served["plot"].recall_1 >= max(0.6, fused["plot"].recall_1)
    assert served["plot"].mrr >= fused["plot"].mrr
