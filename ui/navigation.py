"""The pages, and turning from one to another without loading the page anew."""

from collections.abc import Callable

import streamlit as st

from ui import html, state
from ui.texts import Texts

ICONS = {
    "search": ":material/search:",
    "practices": ":material/map:",
    "compare": ":material/compare_arrows:",
    "landscape": ":material/scatter_plot:",
    "briefing": ":material/description:",
    "document": ":material/article:",
}
"""Pages by name, in the order of the menu, each with its icon; the last is reached from the others only."""

_PAGES = "pages"


def menu(render: Callable[[str], None], texts: Texts, *, basket: int) -> None:
    """Draw the menu and the page that is asked for, by `render(name)`; `basket` is how many passages are collected."""
    pages = {}
    for name, icon in ICONS.items():
        title = texts[f"nav_{name}"]
        pages[name] = st.Page(
            _drawing(render, name),
            title=f"{title} ({basket})" if name == "briefing" and basket else title,
            icon=icon,
            url_path="" if name == "search" else name,
            default=name == "search",
            visibility="hidden" if name == "document" else "visible",
        )
    st.session_state[_PAGES] = pages
    st.navigation(list(pages.values()), position="top").run()


def _drawing(render: Callable[[str], None], name: str) -> Callable[[], None]:
    def draw() -> None:
        render(name)

    return draw


def go(page: str, **parameters: state.Value) -> None:
    """Turn to a page. Not from a callback: `if st.button(...): go(...)`."""
    st.switch_page(st.session_state[_PAGES][page], query_params=state.parameters(**parameters))


def link(page: str, label: str, *, icon: str | None = None, **parameters: state.Value) -> None:
    """A link to a page."""
    st.page_link(
        st.session_state[_PAGES][page],
        label=html.plain_label(label),
        icon=icon,
        query_params=state.parameters(**parameters),
    )
