"""What a page is about lives in its address, so that it can be shared, reloaded and gone back from.

?q=QUESTION&language=lv&city=torun&country=PL&format=pdf&ui=pl
?document=3&passage=12&q=...
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from kb.types import Filters
from ui.texts import NAMES, Texts, preferred, texts

FILTERS = ("language", "city", "country", "format")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address asks for."""

    query: str
    filters: Filters
    document: int | None
    passage: int | None


def read() -> Address:
    """The page's address; what is malformed in it is ignored."""
    chosen = {name: tuple(st.query_params.get_all(name)) for name in FILTERS}
    filters = Filters(chosen["language"], chosen["city"], chosen["country"], chosen["format"])
    return Address(st.query_params.get("q", ""), filters, _number("document"), _number("passage"))


def write(query: str, chosen: dict[str, list[str]]) -> None:
    """Put a query and its filters into the address, and leave the document page."""
    kept = {"ui": [st.query_params["ui"]]} if "ui" in st.query_params else {}
    given = {"q": [query]} if query else {}
    wanted = {**kept, **given, **{name: values for name, values in chosen.items() if values}}
    if {name: st.query_params.get_all(name) for name in st.query_params} != wanted:
        st.query_params.from_dict(wanted)


def open_document(document: int, passage: int) -> None:
    """Turn to a document; the query and filters stay, for the way back."""
    st.query_params["document"] = str(document)
    st.query_params["passage"] = str(passage)


def document_address(document: int, passage: int | None = None) -> str:
    """The address of a document's page, for a link: the query, the filters and the interface's language stay."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in {"document", "passage"}}
    place = {"document": document, **({"passage": passage} if passage is not None else {})}
    return "?" + urlencode({**kept, **place}, doseq=True)


def close_document() -> None:
    """Turn back to the search."""
    for name in ("document", "passage"):
        if name in st.query_params:
            del st.query_params[name]


def interface() -> Texts:
    """The interface's texts: the language in the address, else the browser's."""
    code = st.query_params.get("ui", "")
    return texts(code if code in NAMES else preferred(st.context.locale))


def _number(name: str) -> int | None:
    value = st.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else None
