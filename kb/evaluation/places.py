"""Judged places and the passages that stand there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from kb.evaluation.questions import Judgement, Question
from kb.store import Store
from kb.types import Document, Passage

PlaceName = str
"""What is ranked: a judged place, or a passage that nobody judged."""


@dataclass(slots=True)
class Judged:
    """A question's judged places that the knowledge base has: the grade of each, its passages and their languages."""

    grades: dict[PlaceName, int] = field(default_factory=dict)
    languages: dict[PlaceName, set[str]] = field(default_factory=dict)
    passages: dict[int, PlaceName] = field(default_factory=dict)

    def within(self, language: str) -> dict[PlaceName, int]:
        """The grades of the places with passages in `language`."""
        return {place: grade for place, grade in self.grades.items() if language in self.languages[place]}

    def ranked(self, passages: Iterable[int]) -> list[PlaceName]:
        """Passage ids, best first, as places: a place stands where its first passage does."""
        return list(dict.fromkeys(self.passages.get(passage, f"passage {passage}") for passage in passages))


class PlaceFinder:
    """Finds judged places in one knowledge base."""

    def __init__(self, store: Store) -> None:
        self._by_name: dict[str, list[Document]] = defaultdict(list)
        self._passages: dict[int, Sequence[Passage]] = {}
        for document in store.documents():
            for name in {document.path, PurePath(document.path).name, document.title}:
                self._by_name[name].append(document)
            self._passages[document.id] = store.passages_of(document.id)

    def find(self, question: Question) -> tuple[Judged, list[Judgement]]:
        """The question's judged places, and the judgements that name nothing here."""
        judged, unknown = Judged(), []
        for judgement in question.judged:
            passages = self._standing(judgement)
            if not passages:
                unknown.append(judgement)
                continue
            place = f"{judgement.document}, {judgement.place}"
            judged.grades[place] = max(judgement.grade, judged.grades.get(place, 0))
            judged.languages.setdefault(place, set()).update(passage.language for passage in passages)
            for passage in passages:
                judged.passages.setdefault(passage.id, place)
        return judged, unknown

    def _standing(self, judgement: Judgement) -> list[Passage]:
        """The passages at a judged place; several documents of one name all count."""
        found = [p for document in self._by_name.get(judgement.document, ()) for p in self._passages[document.id]]
        return [p for p in found if judgement.place in {"", *p.place.names}]
