"""What the tests of search share."""

import pytest

from apps.search.services import vectors as title_vectors
from mediagateway.vectors import configured


@pytest.fixture
def vector_index(tmp_path, settings):
    """An empty index of vectors on disk."""
    settings.DATA_DIR, settings.QDRANT_URL = tmp_path, ""
    configured.get_vector_index.cache_clear()
    yield configured.get_vector_index()
    configured.get_vector_index.cache_clear()


@pytest.fixture
def embed_titles(vector_index):
    """Bring the vectors in step with the documents, as the worker would."""

    def follow() -> None:
        while title_vectors.follow_titles():
            pass

    return follow
