"""A document: its practice record with the evidence, its text by page, slide or heading with one passage marked and
scrolled to, the picture of a PDF's page beside it, and what is near to it."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase, cards, citing, practice
from kb.errors import NotFound
from kb.related.links import Kind, Related, related_documents
from kb.types import Document, Passage, PracticeFact
from ui import basket, document_html, document_picture, html, navigation, shared, state
from ui.document_html import Evidence
from ui.texts import Texts

AROUND = 25
"""Passages shown on each side of the marked one: a long report stays quick on a phone."""

SIMILAR = 5
"""Similar documents named."""

SIMILAR_KEPT = 256
"""Documents whose similar ones are kept in memory: finding them costs twelve searches."""

# Ours, and free of anything a document says. What stands above may still be growing, so it scrolls again until all is
# drawn or the reader takes over. The passage's number makes each script a new one, or Streamlit would not run it again.
_SCROLL = """<script>(() => {
  const passage = %d, until = Date.now() + 2500;
  let reader = false;
  for (const event of ["wheel", "touchstart", "keydown", "mousedown"])
    addEventListener(event, () => { reader = true; }, { once: true, passive: true });
  const timer = setInterval(() => {
    const here = document.querySelector(".kb-here");
    if (!passage || reader || Date.now() > until) clearInterval(timer);
    else here?.scrollIntoView({ block: here.offsetHeight < innerHeight * 0.7 ? "center" : "start" });
  }, 100);
})();</script>"""


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    searching = state.searching()
    navigation.link(
        "search", texts["back" if searching else "document_to_search"], icon=":material/arrow_back:", **searching
    )
    try:
        document = kb.store.document(state.number("id") or 0)
    except NotFound:
        st.warning(texts["missing_document"])
        return
    passages = kb.store.passages_of(document.id)
    marked = next((passage for passage in passages if passage.id == state.number("passage")), None)
    facts = shared.document_facts(document, texts) + _related(kb, document, texts)
    st.html(document_html.STYLE + document_html.heading(document.title) + facts)
    with st.container(horizontal=True, vertical_alignment="center"):
        shared.original(kb, document, texts)
        _cite(kb, document, None, texts)
    _record(kb, document, passages, texts, folded=marked is not None)
    if marked is None and state.get("passage"):
        st.info(texts["document_passage_gone"])
    _beside(kb, document, passages, marked, texts)


def _beside(
    kb: KnowledgeBase, document: Document, passages: Sequence[Passage], marked: Passage | None, texts: Texts
) -> None:
    """The text, and beside it the page's picture and similar documents."""
    text, aside = st.columns([3, 2], gap="medium")
    with text:
        _contents(passages, marked, texts)
        _text(kb, document, _around(passages, marked, texts), marked, texts)
        st.html(_SCROLL % (marked.id if marked else 0), unsafe_allow_javascript=True)
    with aside:
        document_picture.draw(kb, document, marked, texts)
        _similar(kb, document, texts)


def _related(kb: KnowledgeBase, document: Document, texts: Texts) -> str:
    """Links to the documents related to this one, each with how."""
    return html.links(
        texts["related"],
        [
            (
                found.document.title,
                state.address("document", id=found.document.id, **state.searching()),
                _how(document, found, texts),
            )
            for found in related_documents(kb.store, document.id)
        ],
    )


def _how(document: Document, found: Related, texts: Texts) -> str:
    """How another document is related to this one: "translation (Latvian)", "earlier version"."""
    other = found.document
    if found.kind is not Kind.VERSION:
        languages = ", ".join(texts.language(code) for code in other.languages)
        return texts[f"kind_{found.kind}"].format(format=other.format.upper(), languages=languages)
    mine, theirs = (dates[0].value if (dates := each.dates) else "" for each in (document, other))
    if not mine or not theirs or mine == theirs:
        return texts["kind_version"]
    return texts["kind_earlier" if theirs < mine else "kind_later"]


def _cite(kb: KnowledgeBase, document: Document, passage: Passage | None, texts: Texts) -> None:
    """How to cite the document, or a passage of it."""
    cited = citing.source(kb.store, document, passage, reader=texts.code)
    place = texts.place(passage.place) if passage else ""
    retrieved = texts["retrieved"].format(date=texts.date(cited.retrieved)) if cited.retrieved else ""
    with st.popover(texts["document_cite"], icon=":material/format_quote:"):
        for label, citation in (
            ("document_cite_plain", citing.plain(cited, place=place, retrieved=retrieved)),
            ("document_cite_bibtex", citing.bibtex(cited, place=place)),
        ):
            st.html(html.facts(texts[label]))
            st.code(citation, language=None, wrap_lines=True)


# --- the practice record


def _record(kb: KnowledgeBase, document: Document, passages: Sequence[Passage], texts: Texts, *, folded: bool) -> None:
    facts = practice.facts_of(kb.store, document.id)
    if not facts:
        return
    fields: dict[str, list[Evidence]] = {}
    for fact in facts:
        fields.setdefault(fact.field, []).append(_evidence(document, fact, passages, texts))
    with st.expander(texts["document_record"], expanded=not folded, icon=":material/fact_check:"):
        st.html(html.facts(texts["document_record_note"]))
        st.html(document_html.record([(texts[f"document_field_{field}"], said) for field, said in fields.items()]))


def _evidence(document: Document, fact: PracticeFact, passages: Sequence[Passage], texts: Texts) -> Evidence:
    value = practice.display(fact, texts.code)
    passage = practice.passage_of(fact, passages)
    return Evidence(
        value=value,
        words="" if " ".join(fact.words.split()) == " ".join(value.split()) else fact.words,
        language=passage.language if passage else "",
        place=texts.place(passage.place) if passage else "",
        address=_address(document, passage) if passage else "",
        sure=texts[_sureness(fact)],
    )


def _sureness(fact: PracticeFact) -> str:
    if fact.confidence == 1:
        return "document_by_person"
    if fact.place is None:
        return "document_by_file"
    return "document_sure" if fact.confidence >= practice.SURE else "document_less_sure"


# --- the text


def _contents(passages: Sequence[Passage], marked: Passage | None, texts: Texts) -> None:
    """All pages, slides or headings, to turn to."""
    first: dict[str, int] = {}
    for passage in passages:
        first.setdefault(_place(passage, texts), passage.id)
    names = {identifier: place for place, identifier in first.items() if place}
    here = first.get(_place(marked, texts)) if marked else None
    state.follow("contents", here if here in names else None)
    st.selectbox(
        texts["document_contents"],
        list(names),
        format_func=names.__getitem__,
        index=None,
        placeholder=texts["document_go_to"],
        key="contents",
        on_change=_turn,
    )


def _turn() -> None:
    state.put(passage=st.session_state["contents"], page=None)


def _around(passages: Sequence[Passage], marked: Passage | None, texts: Texts) -> Sequence[Passage]:
    at = passages.index(marked) if marked else 0
    first, last = max(0, at - AROUND), at + AROUND + 1
    if len(passages) <= 2 * AROUND + 1:
        return passages
    st.html(html.facts(texts["part_shown"]))
    return passages if st.toggle(texts["whole_document"], key="whole") else passages[first:last]


def _text(
    kb: KnowledgeBase, document: Document, passages: Sequence[Passage], marked: Passage | None, texts: Texts
) -> None:
    """The passages under their places; below the marked one, what can be done with it."""
    parts: list[str] = []
    place = ""
    for passage in passages:
        here = _place(passage, texts)
        if here != place:
            parts.append(html.place(here))
            place = here
        if passage != marked:
            parts.append(document_html.passage(passage, _address(document, passage), texts["document_link"]))
            continue
        also = shared.also(cards.of_passage(kb.store, passage), passage.language, texts)
        remarks = html.facts(*shared.remarks(passage, texts))
        st.html("".join(parts) + html.passage(passage, chosen=True) + remarks + also)
        parts = []
        _actions(kb, document, passage, texts)
    if parts:
        st.html("".join(parts))


def _actions(kb: KnowledgeBase, document: Document, passage: Passage, texts: Texts) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        basket.button(passage.id, state.get("q"), texts, key="marked")
        _cite(kb, document, passage, texts)
        navigation.link("search", texts["more_like"], icon=":material/join_inner:", like=passage.id)


def _place(passage: Passage, texts: Texts) -> str:
    heading = "" if passage.place.kind == "section" else passage.place.heading
    return " · ".join(part for part in (texts.place(passage.place), heading) if part)


def _address(document: Document, passage: Passage) -> str:
    return state.address("document", id=document.id, passage=passage.id, **state.searching())


# --- what is near


def _similar(kb: KnowledgeBase, document: Document, texts: Texts) -> None:
    found = _documents_like(kb, document.id, kb.store.generation())
    if not found:
        return
    st.html(document_html.aside(texts["document_similar"]))
    for identifier, title, languages in found:
        spoken = texts.listed([texts.language(code) for code in languages])
        navigation.link("document", f"{title} ({spoken})", id=identifier)


@st.cache_data(max_entries=SIMILAR_KEPT, show_spinner=False)
def _documents_like(_kb: KnowledgeBase, document: int, generation: int) -> list[tuple[int, str, tuple[str, ...]]]:
    """Number, title and languages of similar documents, at a `generation` of the knowledge base."""
    return [
        (found.document.id, found.document.title, found.document.languages)
        for found in _kb.similar_documents(document, SIMILAR)
    ]
