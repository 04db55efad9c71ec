"""What a reader's own browser remembers: recent and saved searches, the briefing. The server keeps none of it.

Values live in the browser's localStorage, each under its name, and in the session while it lasts.
"""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

_KEY = "browser-memory"
_VALUES = "browser-values"
_CHANGED = "browser-changed"
_TOLD = "browser-told"
_WAITING = "browser-waiting"
_AWAITED = "browser-awaited"

Change = Callable[[Any], Any]
"""From the value kept, None where there is none, to the one to keep."""

# Ours, and free of anything a document says. A browser that forbids storage remembers nothing, and all else works.
# What a session has changed is sent with every run, for a run may be over before the page has heard of it; its number
# lets the page write it once, so that another tab's later change stands. The time makes each answer a new one:
# Streamlit does not send the same answer twice.
_SCRIPT = """
const prefix = "hopkb.";
let written = 0;
export default function ({ data, setStateValue }) {
  try {
    if (data.change > written) {
      for (const [name, value] of Object.entries(data.values)) localStorage.setItem(prefix + name, value);
      written = data.change;
    }
    if (data.known) return;
    const kept = {};
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(prefix)) kept[name.slice(prefix.length)] = localStorage.getItem(name);
    }
    setStateValue("kept", JSON.stringify({ kept, at: Date.now() }));
  } catch {
    if (!data.known) setStateValue("kept", JSON.stringify({ kept: {}, at: Date.now() }));
  }
}
"""


def get(name: str) -> Any:
    """The value kept under `name`, as JSON has it; None where there is none, or the browser has not told yet."""
    return _values().get(name)


def told() -> bool:
    """Whether the browser has said what it has: before, nothing in it may be taken for missing. Who has asked in vain
    is drawn again once it has."""
    if not _has_told():
        st.session_state[_AWAITED] = True
    return _has_told()


def put(name: str, value: Any) -> None:
    """Keep `value`, which JSON can hold, under `name`."""
    change(name, lambda _: value)


def change(name: str, changed: Change) -> None:
    """Keep what `changed` makes of the value under `name`: now, and again of what the browser tells later."""
    before = get(name)
    after = changed(before)
    _values()[name] = after
    if not _has_told():
        st.session_state.setdefault(_WAITING, []).append((name, changed))
    elif after != before:
        _changed().append(name)


@st.fragment
def keep() -> None:
    """Tell the browser what changed, and at first ask it what it has; once a run, after everything else is drawn.

    A fragment, for its answer to draw the page anew only where that shows: else a click meanwhile might be lost.
    """
    memory = st.components.v2.component("hopkb_memory", js=_SCRIPT)
    with st.container(key=_KEY):
        memory(
            key="browser",
            data={
                "values": {name: json.dumps(_values()[name]) for name in sorted(set(_changed()))},
                "change": len(_changed()),
                "known": _has_told(),
            },
            on_kept_change=_learn,
        )
    if _has_told() and st.session_state.pop(_AWAITED, False):
        st.rerun()


def _has_told() -> bool:
    return _TOLD in st.session_state


def _learn() -> None:
    """Take what the browser has, with the changes that were made before it told. What it tells again is older."""
    if _has_told():
        return
    try:
        kept = json.loads(st.session_state["browser"]["kept"])["kept"]
        told = {str(name): json.loads(value) for name, value in kept.items()}
    except (ValueError, AttributeError, TypeError, KeyError):
        return
    if told:
        st.session_state[_AWAITED] = True
    st.session_state[_TOLD] = True
    st.session_state[_VALUES] = told
    for name, changed in st.session_state.pop(_WAITING, []):
        change(name, changed)


def _changed() -> list[str]:
    """The names of the values changed, one for each change."""
    changed: list[str] = st.session_state.setdefault(_CHANGED, [])
    return changed


def _values() -> dict[str, Any]:
    values: dict[str, Any] = st.session_state.setdefault(_VALUES, {})
    return values
