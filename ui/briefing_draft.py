"""The briefing a reader is working on: the basket and what she wrote around it, both kept in her browser."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from kb.briefing.draft import Draft, Pick, from_json, renewed, to_json
from kb.errors import BriefingUnreadable
from kb.store import Store
from ui import basket, browser

_NAME = "briefing"
_SOUGHT = "briefing-sought"
_UNDO = "briefing-undo"


Change = Callable[[Draft], Draft]
"""From the briefing as it is when a change is made: what the page was drawn from may be older by then, and what the
reader has written since must not be lost."""


def read(store: Store) -> Draft:
    """The briefing as it is kept, with the passages' present ids where documents have been read anew."""
    draft = _present()
    generation = store.generation()
    if st.session_state.get(_SOUGHT) != (generation, _ids(draft.picks)) and browser.told():
        before, draft = draft, replace(draft, picks=renewed(store, draft.picks))
        st.session_state[_SOUGHT] = (generation, _ids(draft.picks))
        if draft != before:  # else a page that is only opened would write over what another tab has changed
            _keep(draft)
    return draft


def write(change: Change, said: str = "") -> None:
    """Change the briefing. With `said`, which tells the reader what happened, the change can be taken back; what was
    changed before no longer can."""
    before = _present()
    _keep(change(before))
    if said:
        st.session_state[_UNDO] = (before, said)
    else:
        st.session_state.pop(_UNDO, None)


def without(gone: Iterable[int]) -> Change:
    """Leave out the picks of these passages."""
    left_out = set(gone)
    return lambda draft: replace(draft, picks=tuple(pick for pick in draft.picks if pick.passage not in left_out))


def ordered(passages: Sequence[int]) -> Change:
    """Put the picks into the order of these passages, with all others behind them."""
    places = {passage: place for place, passage in enumerate(passages)}
    return lambda draft: replace(
        draft, picks=tuple(sorted(draft.picks, key=lambda pick: places.get(pick.passage, len(places))))
    )


def picked(passage: int, **values: Any) -> Change:
    """Give the pick of a passage other `values`."""
    return lambda draft: replace(
        draft,
        picks=tuple(replace(pick, **values) if pick.passage == passage else pick for pick in draft.picks),
    )


def undoable() -> tuple[Draft, str] | None:
    """What the last change can be taken back to, and what it was; None where there is none."""
    found: tuple[Draft, str] | None = st.session_state.get(_UNDO)
    return found


def undo() -> None:
    """Take the last change back."""
    if found := st.session_state.pop(_UNDO, None):
        write(lambda _: found[0])


def _present() -> Draft:
    draft = _kept()
    known = {pick.passage: pick for pick in draft.picks}
    picks = (
        replace(known.get(item.passage, Pick(item.passage)), question=item.question, note=item.note)
        for item in basket.items()
    )
    return replace(draft, picks=tuple(picks))


def _keep(draft: Draft) -> None:
    draft = replace(draft, picks=draft.picks[: basket.MOST])
    basket.replace(basket.Item(pick.passage, pick.question, pick.note) for pick in draft.picks)
    if draft != Draft() or browser.get(_NAME):
        browser.put(_NAME, to_json(draft))


def _kept() -> Draft:
    try:
        return from_json(browser.get(_NAME))
    except BriefingUnreadable:  # nothing is kept yet, or a newer version of HopKB kept it
        return Draft()


def _ids(picks: Iterable[Pick]) -> tuple[int, ...]:
    return tuple(pick.passage for pick in picks)
