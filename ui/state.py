"""What a page is about lives in its address, so that it can be shared, reloaded and gone back from.

/?q=QUESTION&language=lv&city=torun&country=PL&format=pdf&ui=pl
/document?id=3&passage=12&q=...
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlencode

import streamlit as st

from ui.texts import NAMES, Texts, preferred, texts

Value = str | int | Sequence[str] | Sequence[int] | None

LANGUAGE = "ui"
"""The parameter that names the interface's language."""

PATHS = {"search": "./", "document": "document", "practices": "practices", "compare": "compare"} | {
    "landscape": "landscape",
    "briefing": "briefing",
}
"""Addresses of the pages, relative to each other."""

FILTERS = ("language", "city", "country", "topic", "target_group", "year", "format", "document")
SEARCH = ("q", *FILTERS, "sort", "group")
"""Parameters that make up a search: the way back to it needs them."""

MOST_DIGITS = 16
"""Of a number in an address: those of a cluster are below 2^52, and SQLite's integers have room for all of them."""


def get(name: str) -> str:
    """A parameter of the present page's address; "" where it has none."""
    return st.query_params.get(name, "")


def get_all(name: str) -> tuple[str, ...]:
    """All values of a parameter, each once."""
    return tuple(dict.fromkeys(st.query_params.get_all(name)))


def number(name: str) -> int | None:
    """A parameter that is a whole number; None where it is missing or malformed."""
    value = get(name)
    return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else None


def numbers(name: str) -> tuple[int, ...]:
    """All values of a parameter that are whole numbers."""
    return tuple(int(value) for value in get_all(name) if value.isdecimal() and len(value) <= MOST_DIGITS)


def put(**values: Value) -> None:
    """Set parameters of the present page's address; None and what is empty removes one."""
    for name, value in values.items():
        wanted = _listed(value)
        if st.query_params.get_all(name) == wanted:
            continue
        if wanted:
            st.query_params[name] = wanted
        elif name in st.query_params:
            del st.query_params[name]


def turn(**values: Value) -> None:
    """Replace the present page's address: for callbacks, which cannot turn to another page."""
    st.query_params.from_dict(parameters(**values))


def address(page: str, **values: Value) -> str:
    """The address of a page, relative to the present one, in the interface's present language."""
    query = urlencode(parameters(**values), doseq=True)
    return PATHS[page] + (f"?{query}" if query else "")


def parameters(**values: Value) -> dict[str, list[str]]:
    """`values` as parameters of an address, with the interface's language."""
    kept = st.session_state.get(LANGUAGE)
    return {name: listed for name, value in ({LANGUAGE: kept} | values).items() if (listed := _listed(value))}


def searching() -> dict[str, list[str]]:
    """The parameters of the search that the present address tells of."""
    return {name: list(get_all(name)) for name in SEARCH if get_all(name)}


@dataclass(frozen=True, slots=True)
class _Led:
    """What a widget has put into the address, what stood there before, and when (seconds of the monotonic clock)."""

    value: object
    before: object
    at: float


LATE_SECONDS = 3.0
"""So long an address may still be the old one: of a rerun that the browser sent before it heard of the new one."""


def follow(widget: str, asked: object) -> None:
    """Let a widget, before it is drawn, show what the address asks for where that is new to it."""
    led: _Led | None = st.session_state.get(f"led-{widget}")
    if led and asked != led.value and monotonic() - led.at < LATE_SECONDS and (not asked or asked == led.before):
        asked = led.value
    if widget not in st.session_state or (led is None or led.value != asked):
        st.session_state[widget] = asked


def lead(widget: str, chosen: object) -> None:
    """Note that the address now asks for what was chosen in a widget."""
    led: _Led | None = st.session_state.get(f"led-{widget}")
    if led is None or led.value != chosen:
        st.session_state[f"led-{widget}"] = _Led(chosen, led.value if led else None, monotonic())


def _listed(value: Value) -> list[str]:
    if value is None or value == "":
        return []
    return [str(part) for part in value] if isinstance(value, Sequence) and not isinstance(value, str) else [str(value)]


def interface() -> Texts:
    """The interface's texts: the language in the address, else the one chosen before, else the browser's."""
    if get(LANGUAGE) in NAMES:
        st.session_state[LANGUAGE] = get(LANGUAGE)
    chosen = st.session_state.get(LANGUAGE)
    put(ui=chosen)
    return texts(chosen or preferred(st.context.locale))


def switch_interface(code: str) -> None:
    """Show the interface in the language `code` from now on."""
    st.session_state[LANGUAGE] = code
    put(ui=code)
