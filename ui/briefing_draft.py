"""The briefing a reader is working on: the basket and what she wrote around it, both kept in her browser."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from kb.briefing.draft import Draft, Pick, from_json, renewed, to_json
from kb.errors import BriefingUnreadable
from kb.store import Store
from ui import basket, browser

_NAME = "briefing"
_SOUGHT = "briefing-sought"
_UNDO = "briefing-undo"


def read(store: Store) -> Draft:
    """The briefing as it is kept, with the passages' present ids where documents have been read anew."""
    draft = _kept()
    known = {pick.passage: pick for pick in draft.picks}
    picks = tuple(
        replace(known.get(item.passage, Pick(item.passage)), question=item.question, note=item.note)
        for item in basket.items()
    )
    draft = replace(draft, picks=picks)
    generation = store.generation()
    if st.session_state.get(_SOUGHT) != (generation, _ids(picks)) and browser.told():
        draft = replace(draft, picks=renewed(store, picks))
        st.session_state[_SOUGHT] = (generation, _ids(draft.picks))
        _keep(draft)
    return draft


def write(draft: Draft) -> None:
    """Keep `draft` in the browser. What was changed before can no longer be taken back."""
    st.session_state.pop(_UNDO, None)
    _keep(draft)


def _keep(draft: Draft) -> None:
    draft = replace(draft, picks=draft.picks[: basket.MOST])
    basket.replace(basket.Item(pick.passage, pick.question, pick.note) for pick in draft.picks)
    if draft != Draft() or browser.get(_NAME):
        browser.put(_NAME, to_json(draft))


def change(before: Draft, after: Draft, said: str) -> None:
    """Keep `after`, and offer to go back to `before`; `said` tells the reader what happened."""
    write(after)
    st.session_state[_UNDO] = (before, said)


def without(draft: Draft, gone: Iterable[Pick]) -> Draft:
    """`draft` without some of its picks."""
    left_out = set(_ids(gone))
    return replace(draft, picks=tuple(pick for pick in draft.picks if pick.passage not in left_out))


def undoable() -> tuple[Draft, str] | None:
    """What the last change can be taken back to, and what it was; None where there is none."""
    found: tuple[Draft, str] | None = st.session_state.get(_UNDO)
    return found


def undo() -> None:
    """Take the last change back."""
    if found := st.session_state.pop(_UNDO, None):
        write(found[0])


def _kept() -> Draft:
    try:
        return from_json(browser.get(_NAME))
    except BriefingUnreadable:  # nothing is kept yet, or a newer version of HopKB kept it
        return Draft()


def _ids(picks: Iterable[Pick]) -> tuple[int, ...]:
    return tuple(pick.passage for pick in picks)
