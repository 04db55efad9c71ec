"""Documents read back from a store, to be handed to another."""

from kb.practice import facts_of
from kb.rows import marks
from kb.store import Store
from kb.stored import PassageTerms, StoredDocument
from kb.types import DraftDocument, DraftPassage, Place, PlaceKind, Span


def read(store: Store, document_id: int) -> StoredDocument:
    """A stored document, all of one state. Raises NotFound."""
    with store.snapshot() as db:
        document = store.document(document_id)
        rows = db.execute(
            """SELECT p.id, language, place_kind, place_number, heading, "start", "end", confidence, hidden,
                      lemmas, surfaces, terms
               FROM passages p JOIN passage_terms t ON t.passage_id = p.id WHERE document_id = ? ORDER BY p.id""",
            [document_id],
        ).fetchall()
        sentences = _sentences(store, [row[0] for row in rows])
        draft = DraftDocument(
            path=document.path,
            sha256=document.sha256,
            format=document.format,
            title=document.own_title,
            text=store.text(document_id),
            passages=tuple(
                DraftPassage(
                    language=row[1],
                    place=Place(PlaceKind(row[2]), row[3], row[4]),
                    span=Span(row[5], row[6]),
                    sentences=sentences[row[0]],
                    confidence=row[7],
                    hidden=bool(row[8]),
                )
                for row in rows
            ),
            city=document.city,
            country=document.country,
            dates=document.dates,
            urls=document.urls,
            practice=tuple(facts_of(store, document_id)),
            container=document.container,
            retrieved_at=document.retrieved_at,
        )
        terms = tuple(PassageTerms(*row[9:]) for row in rows)
        return StoredDocument(document_id, draft, document.added_at, tuple(row[0] for row in rows), terms)


def _sentences(store: Store, passages: list[int]) -> dict[int, tuple[Span, ...]]:
    found: dict[int, list[Span]] = {passage: [] for passage in passages}
    for passage, start, end in store.db.execute(
        f"""SELECT passage_id, "start", "end" FROM sentences WHERE passage_id IN ({marks(passages)})
            ORDER BY passage_id, id""",
        passages,
    ):
        found[passage].append(Span(start, end))
    return {passage: tuple(spans) for passage, spans in found.items()}
