"""The map of cities: outlines of our own and a button for each city, without any map server.

The buttons are HTML's own, so that keyboards and screen readers know them; their texts are set as text.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from kb import atlas
from kb.atlas import Box, Point

LEAST_DOT = 12
MOST_DOT = 40
DOT_GROWTH = 4.5
"""Pixels across: the least and the most, and what is added with the root of the number, as areas are compared."""

_KEY = "city-map"
_EVENT = "city"

_WIDEST = "40rem"
"""A wider map would fill the screen and tell no more."""

_CSS = """
.map { position: relative; width: 100%; overflow: hidden; border-radius: .5rem; color: var(--st-text-color);
  font-family: var(--st-font); background: color-mix(in srgb, var(--st-primary-color) 7%, transparent); }
svg { position: absolute; inset: 0; width: 100%; height: 100%; }
path { fill: color-mix(in srgb, var(--st-text-color) 9%, var(--st-background-color));
  stroke: color-mix(in srgb, var(--st-text-color) 30%, transparent); stroke-width: 1px;
  vector-effect: non-scaling-stroke; }
path.home { fill: color-mix(in srgb, var(--st-primary-color) 22%, var(--st-background-color)); }
button { position: absolute; transform: translate(-50%, -50%); min-width: 24px; min-height: 24px; padding: 0;
  border: 0; background: none; color: inherit; font: inherit; cursor: pointer; display: grid; place-items: center; }
.dot { border-radius: 50%; background: var(--st-primary-color); border: 1.5px solid var(--st-background-color);
  box-sizing: border-box; opacity: .9; }
button:hover .dot, button:focus-visible .dot { opacity: 1; outline: 2px solid currentColor; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; border-radius: 4px; z-index: 3; }
button[aria-pressed="true"] .dot { border: 3px solid currentColor; opacity: 1; }
.name { position: absolute; white-space: nowrap; font-size: .78rem; line-height: 1.1; padding: .1rem .2rem;
  border-radius: .2rem; left: calc(50% + var(--reach)); top: 50%; transform: translateY(-50%); pointer-events: none;
  background: color-mix(in srgb, var(--st-background-color) 75%, transparent); }
.name.left { left: auto; right: calc(50% + var(--reach)); }
.name.over, .name.under { left: 50%; transform: translateX(-50%); }
.name.over { top: auto; bottom: calc(50% + var(--reach)); }
.name.under { top: calc(50% + var(--reach)); }
.name.crowded { visibility: hidden; }
button:hover, button:focus-visible { z-index: 3; }
button:hover .name, button:focus-visible .name, button[aria-pressed="true"] .name { visibility: visible;
  background: var(--st-background-color); }
"""

# Ours, and free of anything a document says: names arrive as data and are set as text.
_SCRIPT = """
const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const within = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
const sides = ["name", "name left", "name under", "name over"];

function draw(map, data) {
  const [left, top, width, height] = data.box;
  map.style.aspectRatio = `${width} / ${height}`;
  map.setAttribute("aria-label", data.label);
  let svg = map.querySelector("svg");
  if (!svg) {
    svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("aria-hidden", "true");
    for (const [outline, home] of data.outlines) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", outline);
      if (home) path.setAttribute("class", "home");
      svg.append(path);
    }
    map.append(svg);
  }
  svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
}

function place(map, dots, choose) {
  const held = new Map([...map.querySelectorAll("button")].map((button) => [button.dataset.id, button]));
  for (const dot of dots) {
    const button = held.get(dot.id) || document.createElement("button");
    held.delete(dot.id);
    if (!button.isConnected) {
      button.type = "button";
      button.dataset.id = dot.id;
      button.append(document.createElement("span"), document.createElement("span"));
      button.children[0].className = "dot";
      button.children[1].setAttribute("aria-hidden", "true");
    }
    button.setAttribute("aria-label", dot.label);
    button.setAttribute("aria-pressed", String(dot.chosen));
    button.style.left = `${100 * dot.x}%`;
    button.style.top = `${100 * dot.y}%`;
    button.style.setProperty("--reach", `${dot.size / 2 + 2}px`);
    button.children[0].style.width = button.children[0].style.height = `${dot.size}px`;
    button.children[1].textContent = dot.name;
    button.onclick = () => choose(dot.id);
    map.append(button);
  }
  for (const gone of held.values()) gone.remove();
}

function name(map) {
  const frame = map.getBoundingClientRect();
  const taken = [...map.querySelectorAll(".dot")].map((dot) => [dot, dot.getBoundingClientRect()]);
  for (const button of map.querySelectorAll("button")) {
    const label = button.children[1];
    const inside = sides.filter((side) => {
      label.className = side;
      return within(label.getBoundingClientRect(), frame);
    });
    const free = inside.find((side) => {
      label.className = side;
      const box = label.getBoundingClientRect();
      return !taken.some(([other, there]) => other !== button.children[0] && meets(box, there));
    });
    label.className = free || `${inside[0] || sides[0]} crowded`;
    if (free) taken.push([label, label.getBoundingClientRect()]);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const map = parentElement.querySelector(".map");
  const focused = map.getRootNode().activeElement?.dataset?.id;
  draw(map, data);
  place(map, data.dots, (id) => setTriggerValue("city", id));
  if (focused) map.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  const watch = new ResizeObserver(() => name(map));
  watch.observe(map);
  return () => watch.disconnect();
}
"""


@dataclass(frozen=True, slots=True)
class Dot:
    """A city on the map: its gazetteer id, its place, its name as shown and as read out, and how many it stands for."""

    city: str
    point: Point
    name: str
    label: str
    count: int
    chosen: bool


def draw(dots: Sequence[Dot], view: Box, label: str, choose: Callable[[str], None]) -> None:
    """Draw the map of `view`, called `label`; pressing a city calls `choose` with its id."""

    def pressed() -> None:
        city = st.session_state[_KEY].get(_EVENT)
        if isinstance(city, str):
            choose(city)

    st.html(f"<style>.st-key-{_KEY} {{ aspect-ratio: {view.width} / {view.height}; max-width: {_WIDEST}; }}</style>")
    component = st.components.v2.component(
        "hopkb_city_map", html='<div class="map" role="group"></div>', css=_CSS, js=_SCRIPT
    )
    component(
        key=_KEY,
        data={
            "box": [view.left, view.top, view.width, view.height],
            "outlines": _outlines(),
            "label": label,
            "dots": [_data(dot, view) for dot in sorted(dots, key=lambda dot: (-dot.count, dot.name))],
        },
        on_city_change=pressed,
    )


def _data(dot: Dot, view: Box) -> Mapping[str, str | float | bool]:
    share = view.share(dot.point)
    return {
        "id": dot.city,
        "x": share.x,
        "y": share.y,
        "size": min(LEAST_DOT + DOT_GROWTH * math.sqrt(max(dot.count - 1, 0)), MOST_DOT),
        "name": dot.name,
        "label": dot.label,
        "chosen": dot.chosen,
    }


@lru_cache(maxsize=1)
def _outlines() -> list[tuple[str, bool]]:
    """Each country's outline, and whether it is a partner's."""
    return [(path, country in atlas.PARTNERS) for country, path in atlas.outlines().items()]
