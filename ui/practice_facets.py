"""What practices are browsed by: facets with counts, the map of cities, and what is chosen, kept in the address."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import streamlit as st

from kb import atlas, catalogue, places, vocabulary
from kb.catalogue import Counts, Entry, Facet
from kb.types import NOT_STATED, Filters
from ui import city_map, html, state
from ui.city_map import Dot
from ui.texts import Texts

NAMES = {
    Facet.CITIES: "city",
    Facet.TOPICS: "topic",
    Facet.TARGET_GROUPS: "target_group",
    Facet.COUNTRIES: "country",
    Facet.LANGUAGES: "language",
    Facet.YEARS: "year",
}
"""The facets in the order shown, with their names in the address."""

MOST_VALUES = 24
"""Values of a facet shown at first: more fill a phone's screen."""


def asked(entries: Sequence[Entry]) -> Filters:
    """The choices that the address tells of, as far as there is any of it; it may say city=Toruń."""
    known = {facet: _known(entries, facet, state.get_all(name)) for facet, name in NAMES.items()}
    return Filters(
        languages=known[Facet.LANGUAGES],
        cities=known[Facet.CITIES],
        countries=known[Facet.COUNTRIES],
        topics=known[Facet.TOPICS],
        target_groups=known[Facet.TARGET_GROUPS],
        years=known[Facet.YEARS],
    )


def draw(entries: Sequence[Entry], filters: Filters, texts: Texts) -> None:
    """A tab for each facet; choosing changes the address."""
    counts = catalogue.count(entries, filters)
    tabs = st.tabs([texts[f"practices_facet_{facet}"] for facet in NAMES])
    for facet, tab in zip(NAMES, tabs, strict=True):
        chosen = catalogue.wanted(filters, facet)
        with tab:
            if facet is Facet.CITIES:
                wide, narrow = st.columns([3, 2], gap="medium")
                with wide:
                    _map(entries, counts[facet], chosen, texts)
                with narrow:
                    _values(facet, counts[facet], chosen, texts)
            else:
                _values(facet, counts[facet], chosen, texts)


def chips(filters: Filters, texts: Texts) -> None:
    """What is chosen, each with a way to remove it; nothing where nothing is."""
    chosen = [(facet, value) for facet in NAMES for value in catalogue.wanted(filters, facet)]
    if not chosen:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="practices-chosen"):
        st.html(html.facts(texts["practices_chosen"]), width="content")
        for number, (facet, value) in enumerate(chosen):
            name = value_name(facet, value, texts)
            if value == NOT_STATED:
                name = f"{texts[f'practices_facet_{facet}']}: {name}"
            st.button(
                html.plain_label(name),
                icon=":material/close:",
                on_click=_toggle,
                args=[facet, catalogue.wanted(filters, facet), value],
                key=f"practices-chip-{number}",
            )
        st.button(texts["practices_remove_all"], on_click=clear, type="tertiary", key="practices-clear")


def clear() -> None:
    """Remove all choices."""
    state.put(**dict.fromkeys(NAMES.values()), shown=None)


def value_name(facet: Facet, value: str, texts: Texts) -> str:
    """The value of a facet as a reader calls it."""
    if value == NOT_STATED:
        return texts["practices_not_stated"]
    if facet is Facet.LANGUAGES:
        return texts.language(value)
    if facet in {Facet.CITIES, Facet.COUNTRIES}:
        return texts.located(value)
    concept = (vocabulary.of_field(facet) or {}).get(value)
    return concept.name(texts.code) if concept else value


def newest_first(years: Iterable[str]) -> list[str]:
    """Years from the last to the first, then what states none."""
    return sorted(years, key=lambda year: (year != NOT_STATED, year), reverse=True)


def _known(entries: Sequence[Entry], facet: Facet, values: Sequence[str]) -> tuple[str, ...]:
    if facet in {Facet.CITIES, Facet.COUNTRIES}:
        values = [places.resolve(value) for value in values]
    return tuple(value for value in dict.fromkeys(values) if any(value in entry.values(facet) for entry in entries))


def _values(facet: Facet, counts: Counts, chosen: Sequence[str], texts: Texts) -> None:
    """The values of a facet, those that are chosen and the most frequent ones first."""
    offered = list(dict.fromkeys([*chosen, *counts]))
    if facet is Facet.YEARS:
        offered = newest_first(offered)
    more = f"practices-all-{facet}"
    shown = offered if st.session_state.get(more) else offered[: max(MOST_VALUES, len(chosen))]
    key = f"practices-{facet}"
    st.session_state[key] = list(chosen)
    st.pills(
        texts[f"practices_facet_{facet}"],
        shown,
        selection_mode="multi",
        format_func=partial(_label, facet, counts, texts),
        on_change=_choose,
        args=[facet],
        key=key,
        label_visibility="collapsed",
        wrap=True,
    )
    if len(offered) > MOST_VALUES:
        st.toggle(texts["practices_show_all"].format(n=texts.integer(len(offered))), key=more)


def _label(facet: Facet, counts: Counts, texts: Texts, value: str) -> str:
    name = value_name(facet, value, texts)
    return html.plain_label(f"{name} ({texts.integer(counts.get(value, 0))})")


def _choose(facet: Facet) -> None:
    _put(facet, st.session_state[f"practices-{facet}"])


def _toggle(facet: Facet, chosen: Sequence[str], value: str) -> None:
    _put(facet, [other for other in chosen if other != value] + ([] if value in chosen else [value]))


def _put(facet: Facet, values: Sequence[str]) -> None:
    state.put(**{NAMES[facet]: list(values)}, shown=None)


def _map(entries: Sequence[Entry], counts: Mapping[str, int], chosen: Sequence[str], texts: Texts) -> None:
    """The cities on a map that shows all of the knowledge base's, so that it stays as choices change."""
    all_cities = {city for entry in entries for city in entry.cities}
    points = {city: point for city in sorted(all_cities) if (point := atlas.on_map(city))}
    dots = [
        _dot(city, points[city], counts.get(city, 0), city in chosen, texts)
        for city in points
        if counts.get(city) or city in chosen
    ]
    view = atlas.HOME.around(points.values())
    city_map.draw(dots, view, texts["practices_map"], partial(_toggle, Facet.CITIES, chosen))
    st.html(html.facts(texts["practices_map_source"]))
    elsewhere = sorted(value_name(Facet.CITIES, city, texts) for city in all_cities - points.keys() if counts.get(city))
    if elsewhere:
        st.html(html.facts(texts["practices_off_map"].format(cities=", ".join(elsewhere))))


def _dot(city: str, point: atlas.Point, count: int, chosen: bool, texts: Texts) -> Dot:
    name = value_name(Facet.CITIES, city, texts)
    return Dot(city, point, f"{name} {texts.integer(count)}", _spoken(name, count, texts), count, chosen)


def _spoken(name: str, count: int, texts: Texts) -> str:
    return f"{name}: {texts.count('practices_n_practices', count)}"
