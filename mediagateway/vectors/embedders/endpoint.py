"""A model behind an OpenAI-compatible `/embeddings` address."""

import hashlib
from collections.abc import Sequence
from functools import cached_property

import httpx
import numpy as np

from mediagateway.vectors.ports import Vectors, VectorsUnavailableError

_TIMEOUT_S = 5.0
_BATCH = 64
#: Characters of a text that are sent; endpoints refuse what is longer than their model reads.
_MAX_CHARACTERS = 4000


class EndpointEmbedder:
    """See `Embedder`: a request for each 64 texts, no retry: searches go on without, builds try again."""

    def __init__(self, url: str, *, model: str, key: str = "", transport: httpx.BaseTransport | None = None) -> None:
        """
        Describe the endpoint; nobody is asked yet.

        Args:
            url: Base address, such as `https://api.example.com/v1`.
            model: The model's name there.
            key: Bearer token; empty sends none.
            transport: How requests are carried; None is the network.
        """
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._url = url
        self._client = httpx.Client(
            base_url=url.rstrip("/") + "/", headers=headers, timeout=_TIMEOUT_S, transport=transport
        )

    @property
    def name(self) -> str:
        """See the port."""
        return "".join(sign if sign.isalnum() else "-" for sign in self._model.lower())

    @property
    def version(self) -> str:
        """See the port: another address may serve another model by the same name."""
        return hashlib.sha256(f"{self._url} {self._model}".encode()).hexdigest()[:8]

    @cached_property
    def dim(self) -> int:
        """See the port; asks the endpoint once."""
        return int(self._post(["dimension"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.concatenate([self._post(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)])

    def _post(self, texts: Sequence[str]) -> Vectors:
        # Some endpoints refuse empty texts.
        body = {"model": self._model, "input": [text[:_MAX_CHARACTERS] or " " for text in texts]}
        try:
            response = self._client.post("embeddings", json=body)
            response.raise_for_status()
            entries = sorted(response.json()["data"], key=lambda entry: entry["index"])
            vectors = np.array([entry["embedding"] for entry in entries], dtype=np.float32)
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as err:
            raise VectorsUnavailableError(f"the embedding endpoint failed: {type(err).__name__}") from err
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise VectorsUnavailableError("the embedding endpoint did not answer every text")
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit
