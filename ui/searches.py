"""Recent and saved searches, kept in the reader's browser: each is the query of an address."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

import streamlit as st

from ui import browser, html, state
from ui.texts import Texts

RECENT, SAVED = "recent", "saved"

MOST_RECENT = 8
MOST_SAVED = 40


def remember(parameters: Mapping[str, Sequence[str]]) -> None:
    """Put a search before the other recent ones."""
    _put_first(RECENT, urlencode(parameters, doseq=True), MOST_RECENT)


def save_button(parameters: Mapping[str, Sequence[str]], texts: Texts) -> None:
    """A button that saves the present search, or forgets it."""
    found = urlencode(parameters, doseq=True)
    saved = found in _kept(SAVED)
    st.button(
        texts["search_forget" if saved else "search_save"],
        on_click=_forget if saved else _save,
        args=[found],
        icon=":material/bookmark_remove:" if saved else ":material/bookmark_add:",
        key="save-search",
    )


def lists(texts: Texts) -> None:
    """Links to the saved and the recent searches, and a way to forget the recent ones."""
    for name in (SAVED, RECENT):
        kept = _kept(name)
        if not kept:
            continue
        st.header(texts[f"searches_{name}"])
        for at, query in enumerate(kept):
            parameters = parse_qs(query)
            label = html.plain_label(_label(parameters, texts))
            st.button(label, on_click=state.turn, kwargs=parameters, icon=":material/search:", key=f"{name}-{at}")
    if _kept(RECENT):
        st.button(texts["searches_forget"], on_click=browser.put, args=[RECENT, []], type="tertiary", key="forget")
    if _kept(SAVED) or _kept(RECENT):
        st.caption(texts["searches_note"])


def _label(parameters: Mapping[str, Sequence[str]], texts: Texts) -> str:
    """The question, and how many filters restrict it."""
    question = " ".join(parameters.get("q", []))
    filters = sum(len(parameters.get(name, [])) for name in state.FILTERS)
    return question + (f" ({texts.count('n_filters', filters)})" if filters else "")


def _save(found: str) -> None:
    _put_first(SAVED, found, MOST_SAVED)


def _forget(found: str) -> None:
    browser.change(SAVED, lambda kept: [other for other in _searches(kept) if other != found])


def _put_first(name: str, found: str, most: int) -> None:
    browser.change(name, lambda kept: [found, *(other for other in _searches(kept) if other != found)][:most])


def _kept(name: str) -> list[str]:
    return _searches(browser.get(name))


def _searches(kept: object) -> list[str]:
    """What the browser keeps is not trusted to be well formed."""
    if not isinstance(kept, list):
        return []
    return [found for found in kept if isinstance(found, str) and parse_qs(found).get("q")]
