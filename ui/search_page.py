"""The search page: question, filters, answer, hits."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from kb import KnowledgeBase, places
from kb.types import Answer, Evidence, Filters, Hit
from kb.views import distinct, stats
from ui import html, shared, state
from ui.texts import Texts

PAGE = 10
"""Hits shown at first, and added by each press of "more"."""

MOST = 50
MOST_WORDS = 8
"""Pairs of words shown to say why a passage was found."""

WATCH_SECONDS = 5
"""How often an open page looks whether an ingest has changed the knowledge base."""


def render(kb: KnowledgeBase, texts: Texts, address: state.Address) -> None:
    """Draw the page."""
    st.title(texts["title"])
    st.caption(texts["subtitle"])
    _watch(kb, texts)
    query = _question(texts, address)
    chosen = _filters(kb, texts, address)
    state.write(query, chosen)
    if not query.strip():
        _examples(texts)
        return
    filters = Filters(*(tuple(chosen[name]) for name in state.FILTERS))
    with st.spinner(texts["searching"], show_time=False):
        limit = st.session_state.setdefault("limit", PAGE)
        answer, hits = kb.ask(query, limit + 1, filters=filters, reader=texts.code)
    _results(kb, texts, answer, hits)


def _question(texts: Texts, address: state.Address) -> str:
    if "question" not in st.session_state:
        st.session_state.question = address.query
    with st.form("search", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(texts["question"], key="question", placeholder=texts["placeholder"], width="stretch")
        st.form_submit_button(texts["search"], type="primary", icon=":material/search:", on_click=_start_over)
    return str(st.session_state.question)


def _start_over() -> None:
    st.session_state.limit = PAGE


def _ask(question: str) -> None:
    st.session_state.question = question
    _start_over()


def _examples(texts: Texts) -> None:
    st.caption(texts["examples"])
    for key in ("example_1", "example_2", "example_3"):
        st.button(texts[key], on_click=_ask, args=[texts[key]], key=key)


def _filters(kb: KnowledgeBase, texts: Texts, address: state.Address) -> dict[str, list[str]]:
    """The filters as chosen, by their names in the address; each option shows its count."""
    counts = stats(kb.store)
    tables = dict(zip(state.FILTERS, ("languages", "cities", "countries", "formats"), strict=True))
    chosen = {}
    with st.expander(texts["filters"], expanded=bool(address.filters), icon=":material/filter_list:"):
        columns = st.columns(2)
        for column, (name, table) in zip([*columns, *columns], tables.items(), strict=True):
            asked = getattr(address.filters, table)
            if name in {"city", "country"}:
                asked = map(places.resolve, asked)  # the address may say city=Toruń
            wanted = [value for value in dict.fromkeys(asked) if value in counts[table]]
            st.session_state.setdefault(f"filter-{name}", wanted)
            chosen[name] = column.multiselect(
                texts[f"filter_{name}"],
                list(counts[table]),
                format_func=_labels(name, counts[table], texts),
                placeholder=texts["all"],
                select_all=False,
                key=f"filter-{name}",
            )
    return chosen


def _labels(name: str, counts: Mapping[str, int], texts: Texts) -> Callable[[str], str]:
    """How an option of the filter `name` reads, such as "Lithuanian (32)"."""

    def label(value: str) -> str:
        if name == "format":
            read = value.upper()
        else:
            read = texts.language(value) if name == "language" else _place(value, texts)
        return f"{read} ({counts[value]})"

    return label


def _clear_filters() -> None:
    for name in state.FILTERS:
        st.session_state[f"filter-{name}"] = []


def _results(kb: KnowledgeBase, texts: Texts, answer: Answer, hits: Sequence[Hit]) -> None:
    limit = st.session_state.limit
    if not answer.query_languages:
        st.info(texts["too_short"])
        return
    if not hits:
        st.info(texts["nothing_filters"])
        st.button(texts["clear_filters"], on_click=_clear_filters, key="clear")
        return
    _answer(texts, answer)
    st.subheader(texts["hits"])
    for hit in hits[:limit]:
        _card(kb, texts, hit)
    if len(hits) > limit and limit < MOST:
        st.button(texts["more"], on_click=_show_more, key="more")


def _show_more() -> None:
    st.session_state.limit += PAGE


def _answer(texts: Texts, answer: Answer) -> None:
    if not answer.citations:
        st.info(texts["no_answer"], icon=":material/info:")
        st.caption(texts["no_answer_help"])
        return
    st.subheader(texts["answer"])
    st.caption(texts["answer_note"])
    quotes = []
    for citation in answer.citations:
        hit = citation.hit
        source = " · ".join(
            part
            for part in (hit.document.title, texts.place(hit.passage.place), texts.language(hit.passage.language))
            if part
        )
        quotes.append(html.quote(citation.text, hit.passage.language, hit.rank, source))
    st.html(f'<div data-testid="answer">{"".join(quotes)}</div>')


def _card(kb: KnowledgeBase, texts: Texts, hit: Hit) -> None:
    with st.container(border=True, key=f"hit-{hit.rank}"):
        facts = html.facts(
            shared.place_name(hit.document.city, texts),
            texts.place(hit.passage.place),
            hit.document.format.upper(),
            *shared.remarks(hit.passage, texts),
            badge=texts.language(hit.passage.language),
        )
        head = html.title(f"{hit.rank}. {hit.document.title}", anchor=f"hit-{hit.rank}")
        met = [match for match in hit.matches if match.likely]
        also = shared.also(hit.also, hit.passage.language, texts)
        st.html(head + facts + html.marked(hit.passage, hit.sentence_span, met) + _why(texts, hit) + also)
        with st.container(horizontal=True):
            st.button(
                texts["show_in_document"],
                on_click=state.open_document,
                args=[hit.document.id, hit.passage.id],
                icon=":material/article:",
                key=f"show-{hit.rank}",
            )
            shared.original(kb, hit.document, texts, key=str(hit.rank))


def _why(texts: Texts, hit: Hit) -> str:
    """Words of the query that stand differently in the passage, translated or inflected, each with what it met."""
    met: dict[str, list[str]] = {}
    for match in distinct(hit.matches)[:MOST_WORDS]:
        if match.query.lower() != match.passage.lower():
            met.setdefault(match.query, []).append(match.passage)
    return html.why(texts["why"], met, hit.passage.language)


@st.fragment(run_every=WATCH_SECONDS)
def _watch(kb: KnowledgeBase, texts: Texts) -> None:
    """Say so when an ingest has changed the knowledge base since the page was drawn."""
    now = kb.store.generation()
    seen = st.session_state.setdefault("generation", now)
    if now != seen:
        st.info(texts["changed"], icon=":material/update:")
        if st.button(texts["search_again"], key="again"):
            st.session_state.generation = now
            st.rerun()


def _place(value: str, texts: Texts) -> str:
    return shared.place_name(Evidence(value, ""), texts) or value
