"""What a reader chose for a briefing, and how that is kept: in her browser, or in a file of her own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from kb.errors import BriefingUnreadable
from kb.store import Store
from kb.types import Document, Passage

MOST_PICKS = 200
"""Passages in a briefing: some fifty pages of quotes."""

MOST_LETTERS = 20_000
"""Of an introduction, a note or a question: some seven pages; longer ones are cut."""

ANCHOR_LETTERS = 120
"""How much of a passage's beginning is kept to find it again: no two passages of the sample corpus share as much."""

MOST_ID = 2**63
"""SQLite's integers end there."""

FORMAT = 1
"""Of the saved form; raised when older versions of HopKB could not read it."""


class Grouping(StrEnum):
    """Under which headings the quotes of a briefing stand."""

    QUESTION = "question"
    CITY = "city"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a passage is found again by when its document has been read anew: the document's title and the
    passage's beginning."""

    title: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A passage (its id, negative where it is known to be gone), the question that found it, the reader's note, and
    which of its sentences she quotes (counted from 0; none means all of the passage)."""

    passage: int
    question: str = ""
    note: str = ""
    sentences: tuple[int, ...] = ()
    anchor: Anchor = field(default_factory=Anchor)


@dataclass(frozen=True, slots=True)
class Draft:
    """A briefing as its author sees it. Titles and texts are "" where she wrote none."""

    title: str = ""
    introduction: str = ""
    grouping: Grouping = Grouping.QUESTION
    picks: tuple[Pick, ...] = ()


def renewed(store: Store, picks: Iterable[Pick]) -> tuple[Pick, ...]:
    """`picks` with the present ids of their passages, where documents have been read anew since or the picks come
    from another knowledge base, and with present anchors. What is not found again has a negative id, which no passage
    of this knowledge base ever gets; no passage comes twice."""
    with store.snapshot():
        wanted = list(picks)
        known = store.passages([pick.passage for pick in wanted])
        found = [(pick, _present(store, pick, known.get(pick.passage))) for pick in wanted]
        documents = {each.id: each for each in store.documents([each.document_id for _, each in found if each])}
    picked = (
        replace(pick, passage=each.id, anchor=_anchor(each, documents[each.document_id]))
        if each
        else replace(pick, passage=-abs(pick.passage))
        for pick, each in found
    )
    return tuple({pick.passage: pick for pick in picked}.values())


def _present(store: Store, pick: Pick, passage: Passage | None) -> Passage | None:
    """The passage of `pick`: that of its id if it begins as it did, else one that does, of a document of the same
    title if there is one."""
    words = pick.anchor.words
    if passage and passage.text.startswith(words):
        return passage
    if not words:
        return None
    ids = [row[0] for row in store.db.execute("SELECT id FROM documents WHERE instr(text, ?)", [words])]
    documents = sorted(store.documents(ids), key=lambda document: (document.title != pick.anchor.title, document.id))
    passages = (each for document in documents for each in store.passages_of(document.id))
    return next((each for each in passages if each.text.startswith(words)), None)


def _anchor(passage: Passage, document: Document) -> Anchor:
    return Anchor(document.title, passage.text[:ANCHOR_LETTERS])


def to_json(draft: Draft) -> dict[str, Any]:
    """`draft` as JSON can hold it."""
    return {
        "hopkb_briefing": FORMAT,
        "title": draft.title,
        "introduction": draft.introduction,
        "grouping": draft.grouping.value,
        "quotes": [
            {
                "passage": pick.passage,
                "question": pick.question,
                "note": pick.note,
                "sentences": list(pick.sentences),
                "document": pick.anchor.title,
                "words": pick.anchor.words,
            }
            for pick in draft.picks
        ],
    }


def from_json(value: object) -> Draft:
    """The draft that `to_json` made `value` of. Raises BriefingUnreadable where it is none."""
    match value:
        case {"hopkb_briefing": int(version), "quotes": [*quotes], **rest} if version <= FORMAT:
            return Draft(
                _text(rest.get("title")),
                _text(rest.get("introduction")),
                next((each for each in Grouping if each == rest.get("grouping")), Grouping.QUESTION),
                tuple({pick.passage: pick for pick in map(_pick, quotes[:MOST_PICKS])}.values()),
            )
        case {"hopkb_briefing": int()}:
            raise BriefingUnreadable("This briefing was saved by a newer version of HopKB.")
    raise BriefingUnreadable("This is not a saved briefing.")


def dump(draft: Draft) -> bytes:
    """`draft` as the bytes of a file."""
    return json.dumps(to_json(draft), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def load(content: bytes) -> Draft:
    """The draft of a file. Raises BriefingUnreadable where it holds none."""
    try:
        return from_json(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise BriefingUnreadable("This is not a saved briefing.") from error


def _pick(value: object) -> Pick:
    match value:
        case {"passage": int(passage), **rest} if 0 < abs(passage) < MOST_ID:
            kept = rest.get("sentences")
            sentences = sorted({at for at in kept if type(at) is int and at >= 0}) if isinstance(kept, list) else ()
            found = Anchor(_text(rest.get("document")), _text(rest.get("words"))[:ANCHOR_LETTERS])
            return Pick(passage, _text(rest.get("question")), _text(rest.get("note")), tuple(sentences), found)
    raise BriefingUnreadable("This is not a saved briefing.")


def _text(value: object) -> str:
    return value[:MOST_LETTERS] if isinstance(value, str) else ""
