"""The briefing's basket: passages a reader has collected, kept in her browser."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import streamlit as st

from ui import browser
from ui.texts import Texts

_NAME = "basket"

MOST = 200
"""Passages in a basket: a briefing of some fifty pages."""


@dataclass(frozen=True, slots=True)
class Item:
    """A collected passage (its id), the question that found it, and the reader's own note."""

    passage: int
    question: str = ""
    note: str = ""


def items() -> tuple[Item, ...]:
    """What is in the basket, in the reader's order; what the browser kept is not trusted to be well formed."""
    kept = browser.get(_NAME)
    found = [_item(row) for row in kept] if isinstance(kept, list) else []
    return tuple({item.passage: item for item in found if item}.values())[:MOST]


def replace(chosen: Iterable[Item]) -> None:
    """Let the basket hold `chosen`, in this order."""
    browser.put(_NAME, [list(astuple(item)) for item in chosen][:MOST])


def add(passage: int, question: str = "") -> None:
    """Put a passage into the basket, after the others."""
    if not holds(passage):
        replace([*items(), Item(passage, question)])


def remove(passage: int) -> None:
    """Take a passage out."""
    replace(item for item in items() if item.passage != passage)


def holds(passage: int) -> bool:
    """Whether a passage is in the basket."""
    return any(item.passage == passage for item in items())


def button(passage: int, question: str, texts: Texts, *, key: str) -> None:
    """A button that puts a passage into the basket, or takes it out."""
    held = holds(passage)
    st.button(
        texts["basket_remove" if held else "basket_add"],
        on_click=remove if held else add,
        args=[passage] if held else [passage, question],
        icon=":material/playlist_add_check:" if held else ":material/playlist_add:",
        key=f"basket-{key}",
    )


def _item(row: object) -> Item | None:
    match row:
        case [int(passage), str(question), str(note)]:
            return Item(passage, question, note)
    return None
