"""The practices page: browse what cities do by topic, place, time and language, and take the list away."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase, catalogue, tables
from kb.catalogue import Entry, Facet, Order, Practice
from kb.types import NOT_STATED, Filters
from ui import html, html_table, navigation, practice_facets, state
from ui.practice_facets import NAMES, value_name
from ui.texts import Texts

PAGE = 20
"""Practices shown at first, and added by each press of "more"."""

MOST = 200
"""Practices drawn on one page: more than that nobody reads, and a phone takes seconds to draw them."""

_STYLE = """
<style>
[class*="st-key-practice-"] [data-testid="stPageLink-NavLink"] { padding-left: 0; align-items: start; }
[class*="st-key-practice-"] [data-testid="stPageLink-NavLink"] :is(span, p) { white-space: normal; font-weight: 600; }
[class*="st-key-practice-"] [data-testid="stPageLink-NavLink"] [data-testid="stIconMaterial"] { margin-top: .35rem; }
[class*="st-key-practices-"] button[data-variant="pills"][aria-pressed="true"] { color: inherit; font-weight: 600; }
</style>
"""
"""A title that is long is read whole, on a phone too; what is chosen can be read in the dark theme."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    st.html(_STYLE)
    st.title(texts["practices_title"])
    st.html(html.facts(texts["practices_intro"]))
    generation = kb.store.generation()
    entries = _entries(kb, str(kb.store.home), generation, kb.store.token(generation))
    filters = practice_facets.asked(entries)
    practice_facets.draw(entries, filters, texts)
    practice_facets.chips(filters, texts)
    found = catalogue.chosen(entries, filters)
    if not found:
        st.info(texts["practices_none"])
        return
    _list(found, filters, texts)


@st.cache_resource(max_entries=1, show_spinner=False)
def _entries(_kb: KnowledgeBase, home: str, generation: int, token: str | None) -> tuple[Entry, ...]:
    """All documents as they are browsed, read once for each state of the knowledge base."""
    return catalogue.entries(_kb.store)


def _list(found: Sequence[Entry], filters: Filters, texts: Texts) -> None:
    order = Order(_asked("sort", list(Order)))
    practices = catalogue.practices(found, order, texts.code)
    st.subheader(texts.count("practices_n_practices", len(practices)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="practices-arrangement"):
        _choice("sort", list(Order), order, texts)
        view = _choice("view", ["cards", "table"], _asked("view", ["cards", "table"]), texts)
    with st.container(horizontal=True, vertical_alignment="center", key="practices-take"):
        _search_within(filters, texts)
        _downloads(practices, texts)
    shown = practices[: min(state.number("shown") or PAGE, MOST)]
    if view == "table":
        st.html(_table(shown, texts))
    else:
        for practice in shown:
            _card(practice, texts)
    if MOST <= len(shown) < len(practices):
        st.html(html.facts(texts["practices_rest"].format(n=texts.integer(MOST))))
    elif len(shown) < len(practices):
        st.button(texts["practices_more"], on_click=_more, args=[len(shown) + PAGE], key="practices-more")


def _more(shown: int) -> None:
    state.put(shown=shown)


def _asked(name: str, options: Sequence[str]) -> str:
    """What the address says of `name`, one of `options`; the first where it says nothing."""
    value = state.get(name)
    return value if value in options else options[0]


def _choice(name: str, options: Sequence[str], chosen: str, texts: Texts) -> str:
    """A choice that is kept in the address."""
    key = f"practices-{name}"
    st.session_state[key] = chosen
    return st.selectbox(
        texts[f"practices_{name}"],
        options,
        format_func=lambda option: texts[f"practices_{name}_{option}"],
        on_change=lambda: state.put(**{name: st.session_state[key], "shown": None}),
        key=key,
        width=200,
    )


def _search_within(filters: Filters, texts: Texts) -> None:
    """A link to the search within what is chosen."""
    chosen: dict[str, state.Value] = {name: catalogue.wanted(filters, facet) for facet, name in NAMES.items()}
    navigation.link("search", texts["practices_search_within"], icon=":material/search:", **chosen)


def _downloads(practices: Sequence[Practice], texts: Texts) -> None:
    """The whole list as CSV and as a spreadsheet, made when it is asked for."""

    def table() -> tables.Table:
        return tables.practices_table(practices, _labels(texts))

    name = f"hopkb-{texts['practices_file']}"
    st.download_button(
        texts["practices_csv"],
        data=lambda: tables.to_csv(table(), texts.code),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="practices-csv",
    )
    st.download_button(
        texts["practices_xlsx"],
        data=lambda: tables.to_xlsx(table()),
        file_name=f"{name}.xlsx",
        mime=XLSX,
        icon=":material/table_view:",
        on_click="ignore",
        key="practices-xlsx",
    )


def _labels(texts: Texts) -> tables.Labels:
    columns = (
        "title",
        "city",
        "country",
        "year",
        "languages",
        "topics",
        "target_groups",
        "partner",
        "documents",
        "web",
    )
    return tables.Labels(
        language=texts.code,
        table=texts["practices_title"],
        language_name=texts.language,
        **{column: texts[f"practices_column_{column}"] for column in columns},
    )


def _card(practice: Practice, texts: Texts) -> None:
    entry = practice.shown
    with st.container(border=True, key=f"practice-{entry.document}"):
        navigation.link("document", entry.title, icon=":material/article:", id=entry.document)
        where = [_named(Facet.CITIES, entry, texts), _named(Facet.COUNTRIES, entry, texts), entry.period]
        spoken = _named(Facet.LANGUAGES, entry, texts)
        about = [_named(Facet.TOPICS, entry, texts), entry.partner]
        st.html(html.facts(*where, spoken, entry.format.upper()) + html.facts(*about) + _also(practice, texts))


def _named(facet: Facet, entry: Entry, texts: Texts) -> str:
    """What `entry` states of `facet`; "" where it states nothing."""
    stated = [value for value in entry.values(facet) if value != NOT_STATED]
    return ", ".join(value_name(facet, value, texts) for value in stated)


def _also(practice: Practice, texts: Texts) -> str:
    """Links to the other documents that tell a practice: in another language, or in another file."""
    return html.links(
        texts["also"],
        [
            (
                other.title,
                state.address("document", id=other.document),
                f"{_named(Facet.LANGUAGES, other, texts)}, {other.format.upper()}",
            )
            for other in practice.others
        ],
    )


def _table(practices: Sequence[Practice], texts: Texts) -> str:
    facets = (Facet.CITIES, Facet.COUNTRIES, Facet.YEARS, Facet.LANGUAGES, Facet.TOPICS)
    header = [texts["practices_column_title"], *(texts[f"practices_facet_{facet}"] for facet in facets)]
    entries = [practice.shown for practice in practices]
    rows = [
        (
            entry.title,
            state.address("document", id=entry.document),
            [entry.period if facet is Facet.YEARS else _named(facet, entry, texts) for facet in facets],
        )
        for entry in entries
    ]
    return html_table.table(texts["practices_title"], header, rows)
