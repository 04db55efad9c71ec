"""What to do when there is nothing to search yet."""

import streamlit as st

from kb import KnowledgeBase
from ui.texts import Texts

WATCH_SECONDS = 5
"""How often the page looks whether documents have come."""


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    st.title(texts["title"])
    st.subheader(texts["empty_title"])
    st.write(texts["empty_text"])
    st.code(f".venv/bin/python -m ingest FOLDER --home {kb.store.home}", language="bash")
    st.caption(texts["empty_formats"])
    _watch(kb)


@st.fragment(run_every=WATCH_SECONDS)
def _watch(kb: KnowledgeBase) -> None:
    kb.engine.refresh()
    if kb.store.has_documents():
        st.rerun()
