"""What to show while the knowledge base is being opened."""

import streamlit as st

from ui.opened import Opening
from ui.texts import Texts

LOOK_SECONDS = 1
"""How often the page looks how far it is."""


def render(opening: Opening, texts: Texts) -> None:
    """Draw the page; it gives way to the one that was asked for."""
    st.title(texts["title"])
    _watch(opening, texts)


@st.fragment(run_every=LOOK_SECONDS)
def _watch(opening: Opening, texts: Texts) -> None:
    if opening.opened.done():
        st.rerun()
    st.progress(opening.share, text=texts["opening"])
