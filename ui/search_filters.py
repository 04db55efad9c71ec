"""The search page's filters, each option with its count."""

from collections.abc import Callable, Mapping

import streamlit as st

from kb import KnowledgeBase, places
from kb.catalogue import Facet
from kb.filters import counts
from kb.types import Filters
from ui import state
from ui.practice_facets import newest_first, value_name
from ui.texts import Texts

FIELDS = {
    "language": "languages",
    "city": "cities",
    "country": "countries",
    "topic": "topics",
    "target_group": "target_groups",
    "year": "years",
    "format": "formats",
}
"""Names of the filters in the address, in the order shown, and what they are in `kb.types.Filters`."""


def draw(kb: KnowledgeBase, texts: Texts) -> Filters:
    """The filters, folded away while none is chosen; what is chosen goes into the address."""
    held = counts(kb.store)
    documents = _within(texts)
    asked = {name: _asked(name, held[field]) for name, field in FIELDS.items()}
    chosen: dict[str, tuple[str, ...]] = {}
    with st.expander(texts["filters"], expanded=any(asked.values()), icon=":material/filter_list:"):
        columns = st.columns(2)
        for at, (name, field) in enumerate(FIELDS.items()):
            state.follow(f"filter-{name}", asked[name])
            options = columns[at % 2].multiselect(
                texts[f"filter_{name}"],
                _options(field, held[field]),
                format_func=_labels(field, held[field], texts),
                placeholder=texts["all"],
                select_all=False,
                key=f"filter-{name}",
            )
            state.lead(f"filter-{name}", options)
            chosen[field] = tuple(options)
            state.put(**{name: options})
    return Filters(**chosen, documents=documents)


def _within(texts: Texts) -> tuple[int, ...]:
    """The documents that the search is restricted to, by another page's link, and a way out of them."""
    documents = state.numbers("document")
    if documents:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(texts.count("within", len(documents)))
            st.button(texts["everywhere"], on_click=state.put, kwargs={"document": None}, key="everywhere")
    return documents


def clear() -> None:
    """Remove all filters."""
    for name in FIELDS:
        st.session_state[f"filter-{name}"] = []
        state.lead(f"filter-{name}", [])
        state.put(**{name: None})
    state.put(document=None)


def _asked(name: str, held: Mapping[str, int]) -> list[str]:
    """What the address asks for, as far as there is any of it; it may say city=Toruń."""
    values = state.get_all(name)
    wanted = map(places.resolve, values) if name in {"city", "country"} else values
    return [value for value in dict.fromkeys(wanted) if value in held]


def _options(field: str, held: Mapping[str, int]) -> list[str]:
    """The most frequent first, years as they passed."""
    return newest_first(held) if field == Facet.YEARS else list(held)


def _labels(field: str, held: Mapping[str, int], texts: Texts) -> Callable[[str], str]:
    """How an option of the filter `field` reads, such as "Lithuanian (32)"."""

    def label(value: str) -> str:
        read = value.upper() if field == "formats" else value_name(Facet(field), value, texts)
        return f"{read} ({texts.integer(held[value])})"

    return label
