"""Which page to draw, in which language, and what to say when something fails."""

import logging
from importlib import import_module
from pathlib import Path

import streamlit as st

from kb.errors import KBError
from ui import basket, browser, empty_page, navigation, opening_page, sign_in_page, state
from ui.opened import StillOpening, knowledge_base
from ui.texts import NAMES, Texts

log = logging.getLogger("hopkb.ui")

TITLE, ICON = "HopKB", str(Path(__file__).parent / "icon.png")

WIDE = {"practices", "compare", "landscape", "document"}
"""Pages that put things side by side."""

PATIENCE = 0.5
"""Seconds for which a page waits for the knowledge base before it says that it does."""


def run() -> None:
    """Draw the page that the address asks for."""
    # Before the menu: else Streamlit takes its icon for this page from the web.
    st.set_page_config(page_title=TITLE, page_icon=ICON)
    texts = state.interface()
    with st.container(key="preload"):
        st.html("<i></i>")  # its part of Streamlit's page loads now: what came with it later would push the rest down
    if not sign_in_page.signed_in(texts):
        return
    navigation.menu(lambda name: _page(name, texts), texts, basket=len(basket.items()))
    browser.keep()


def _page(name: str, texts: Texts) -> None:
    """Draw the page `name`, or what is wrong."""
    st.set_page_config(layout="wide" if name in WIDE else "centered")
    _language_switch(texts)
    try:
        kb = knowledge_base(PATIENCE)
        with kb.store.explained():
            page = import_module(f"ui.{name}_page") if kb.store.has_documents() else empty_page
            page.render(kb, texts)
    except StillOpening as still:
        opening_page.render(still.opening, texts)
    except KBError as error:
        st.error(texts["broken"])
        st.code(str(error), language=None, wrap_lines=True)
    except Exception:
        log.exception("the page failed")
        st.error(texts["unexpected"])


def _language_switch(texts: Texts) -> None:
    codes = list(NAMES)
    with st.container(key="top", horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        sign_in_page.sign_out(texts)
        chosen = st.selectbox(
            texts["interface"],
            codes,
            index=codes.index(texts.code),
            format_func=NAMES.__getitem__,
            label_visibility="collapsed",
            width=140,
            key="interface",
        )
    if chosen != texts.code:
        state.switch_interface(chosen)
        st.rerun()
