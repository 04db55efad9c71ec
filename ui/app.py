"""Which page to draw, in which language, and what to say when something fails."""

import logging
import threading
from collections.abc import Callable

import streamlit as st

from kb import KnowledgeBase
from kb.errors import KBError
from ui import document_page, empty_page, html, search_page, state
from ui.texts import NAMES, Texts

log = logging.getLogger("hopkb.ui")


def run(opened: Callable[[], KnowledgeBase]) -> None:
    """Draw the page that the address asks for, from the knowledge base that `opened` gives."""
    texts = state.interface()
    st.html(html.STYLE)
    _language_switch(texts)
    try:
        kb = opened()
        with kb.store.explained():
            _page(kb, texts)
    except KBError as error:
        st.error(texts["broken"])
        st.code(str(error), language=None, wrap_lines=True)
    except Exception:
        log.exception("the page failed")
        st.error(texts["unexpected"])


WARM_UP_AFTER = 1.0
"""Seconds: the first page is painted by then, which loading the encoder would delay."""


def warm_up(kb: KnowledgeBase) -> None:
    """Load the encoder in the background, so that the first search is as quick as the others."""
    timer = threading.Timer(WARM_UP_AFTER, _warm_up, args=[kb])
    timer.daemon = True
    timer.start()


def _warm_up(kb: KnowledgeBase) -> None:
    try:
        kb.answer("volunteers")
    except KBError:
        log.warning("the knowledge base cannot be searched yet", exc_info=True)
    finally:
        kb.close()


def _page(kb: KnowledgeBase, texts: Texts) -> None:
    address = state.read()
    if not kb.store.has_documents():
        empty_page.render(kb, texts)
    elif address.document is not None:
        document_page.render(kb, texts, address)
    else:
        search_page.render(kb, texts, address)


def _language_switch(texts: Texts) -> None:
    codes = list(NAMES)
    with st.container(horizontal=True, horizontal_alignment="right"):
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
        st.query_params["ui"] = chosen
        st.rerun()
