"""A document as a knowledge base keeps it, with its ids and terms: what one hands to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kb.rows import terms
from kb.terms import Term
from kb.types import DraftDocument


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The terms of a passage: lemmas and surface forms, each separated by spaces, and how many there are."""

    lemmas: str
    surfaces: str
    count: int

    @classmethod
    def of(cls, found: Sequence[Term]) -> "PassageTerms":
        """Those of a text."""
        return cls(*terms(found), len(found))


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its id, those of its passages and their terms, in the draft's order; `added_at` in ISO 8601."""

    id: int
    draft: DraftDocument
    added_at: str
    passages: tuple[int, ...]
    terms: tuple[PassageTerms, ...]

    def to_json(self) -> bytes:
        """It as JSON."""
        return bytes(_adapter().dump_json(self))

    @staticmethod
    def from_json(body: bytes) -> "StoredDocument":
        """What `to_json` made. Raises ValueError where it is damaged."""
        found: StoredDocument = _adapter().validate_json(body)
        return found


@lru_cache(maxsize=1)
def _adapter() -> Any:
    from pydantic import TypeAdapter  # 0.2 s that the embedded engine need not wait

    return TypeAdapter(StoredDocument)
