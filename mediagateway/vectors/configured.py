"""The embedder and the index that the environment names, one of each for a process."""

from functools import cache

from django.conf import settings

from mediagateway.vectors.ports import Embedder, VectorIndex

#: The alias that title vectors are read by: search writes them, search and sona read them.
TITLES = "titles"


@cache
def get_embedder() -> Embedder:
    """Give the embedder that `MG_EMBEDDER` names; the model is loaded when first used."""
    kind = settings.EMBEDDER
    # Imported late: a process that embeds nothing pays for nothing, and one adapter's packages are enough.
    if kind == "use":
        from mediagateway.vectors.embedders.use import UseEmbedder

        return UseEmbedder()
    if kind == "endpoint":
        from mediagateway.vectors.embedders.endpoint import EndpointEmbedder

        return EndpointEmbedder(settings.EMBEDDER_URL, model=settings.EMBEDDER_MODEL, key=settings.EMBEDDER_KEY)
    from mediagateway.vectors.embedders.onnx import encoder_folder, minilm

    return minilm() if kind == "minilm" else encoder_folder(settings.EMBEDDER_FOLDER)


@cache
def get_vector_index() -> VectorIndex:
    """Give the index: Qdrant where `QDRANT_URL` says so, else files in the data folder."""
    if settings.QDRANT_URL:
        from mediagateway.vectors.indexes.qdrant import connect

        return connect(settings.QDRANT_URL, key=settings.QDRANT_KEY)
    from mediagateway.vectors.indexes.numpy_files import NumpyIndex

    return NumpyIndex(settings.DATA_DIR / "vectors")
