"""The briefing's basket: passages a reader has collected, kept in her browser."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

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
    """What is in the basket, in the reader's order."""
    return _items(browser.get(_NAME))


def replace(chosen: Iterable[Item]) -> None:
    """Let the basket hold `chosen`, in this order."""
    browser.put(_NAME, _kept(chosen))


def add(*new: Item) -> None:
    """Put passages into the basket, after the others; those it holds stay where they are."""
    browser.change(_NAME, lambda kept: _kept([*_items(kept), *new]))


def remove(passage: int) -> None:
    """Take a passage out."""
    browser.change(_NAME, lambda kept: _kept(item for item in _items(kept) if item.passage != passage))


def holds(passage: int) -> bool:
    """Whether a passage is in the basket."""
    return any(item.passage == passage for item in items())


def button(passage: int, question: str, texts: Texts, *, key: str) -> None:
    """A button that puts a passage into the basket, or takes it out."""
    held = holds(passage)
    st.button(
        texts["basket_remove" if held else "basket_add"],
        on_click=remove if held else add,
        args=[passage if held else Item(passage, question)],
        icon=":material/playlist_add_check:" if held else ":material/playlist_add:",
        key=f"basket-{key}",
    )


def _items(kept: object) -> tuple[Item, ...]:
    """What the browser kept is not trusted to be well formed."""
    found = (_item(row) for row in kept) if isinstance(kept, list) else ()
    return _once(item for item in found if item)


def _kept(items: Iterable[Item]) -> list[list[Any]]:
    return [list(astuple(item)) for item in _once(items)]


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    """As many as a basket holds, each passage where it first stands."""
    found: dict[int, Item] = {}
    for item in items:
        found.setdefault(item.passage, item)
    return tuple(found.values())[:MOST]


def _item(row: object) -> Item | None:
    match row:
        case [int(passage), str(question), str(note)]:
            return Item(passage, question, note)
    return None
