"""The map of passages as a chart: a point a passage, coloured and shaped by language, country, city or topic."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from kb.catalogue import NOT_STATED, Facet
from kb.landscape.reading import Cluster, Landscape, Point
from ui.practice_facets import value_name
from ui.texts import Texts

if TYPE_CHECKING:
    import altair as alt

COLOURS = ("#4477aa", "#ee6677", "#228833", "#b8860b", "#aa3377", "#33a6c4")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""Told apart by colour-blind people (after Paul Tol) and, where colours fail, by shape: as many as that are named."""

OTHERS = ("#8c8c8c", "circle")
"""Of all further values together."""

HEIGHT = 560
"""Pixels: the map and its legend fit a laptop's screen."""

NARROW = 480
"""Pixels: on a narrower map only the first word of a name has room."""

EDGE = 1.1
"""The map's coordinates end at 1; the outermost names need room."""

HALO = {"light": "#ffffff", "dark": "#0e1117"}
INK = {"light": "#31333f", "dark": "#fafafa"}
"""Streamlit's background and text, which a chart does not inherit."""

KEY = "landscape-map"
PASSAGE, THEME = "passage", "theme"
"""What may be chosen on the map: fields of its data."""


def value_of(point: Point, facet: Facet) -> str:
    """What a point is coloured by."""
    values = {
        Facet.LANGUAGES: point.language,
        Facet.COUNTRIES: point.country,
        Facet.CITIES: point.city,
        Facet.TOPICS: point.topic,
    }
    return values[facet] or NOT_STATED


def draw(
    found: Landscape, facet: Facet, titles: Mapping[int, str], texts: Texts, choose: Callable[[int | None, int | None], None]
) -> None:
    """Draw the map; `titles` are of documents by id. `choose(passage, cluster)` is called with what is chosen on it."""
    chart = _chart(found, facet, titles, texts)
    st.altair_chart(chart, on_select=lambda: _chosen(choose), selection_mode=[PASSAGE, THEME], key=KEY)


def _chosen(choose: Callable[[int | None, int | None], None]) -> None:
    """Hand on what has been chosen since: of a point and a name the one that is new."""
    selection = st.session_state[KEY].selection
    now = {name: _first(selection.get(name), name) for name in (PASSAGE, THEME)}
    before = st.session_state.get(f"{KEY}-before", {})
    st.session_state[f"{KEY}-before"] = now
    fresh = {name: value for name, value in now.items() if value is not None and value != before.get(name)}
    choose(fresh.get(PASSAGE), fresh.get(THEME))


def _first(rows: Sequence[Mapping[str, Any]] | None, name: str) -> int | None:
    value = rows[0].get(name) if rows else None
    return int(value) if value is not None else None


def _chart(found: Landscape, facet: Facet, titles: Mapping[int, str], texts: Texts) -> "alt.LayerChart":
    import altair as alt

    theme = st.context.theme.type or "light"
    names = {cluster.id: theme_name(cluster, texts) for cluster in found.clusters}
    labels = _labels(found.points, facet, texts)
    others = texts["landscape_others"]
    rows = [
        {
            "x": round(point.x, 4),
            "y": round(point.y, 4),
            PASSAGE: point.passage_id,
            "value": labels.get(value_of(point, facet), others),
            "stated": value_name(facet, value_of(point, facet), texts),
            "title": titles.get(point.document_id, ""),
            "name": names.get(point.cluster, ""),
        }
        for point in found.points
    ]
    domain = [*labels.values(), *([others] if any(row["value"] == others for row in rows) else [])]
    pick = alt.selection_point(name=PASSAGE, fields=[PASSAGE], on="click")
    axis = {"axis": None, "scale": alt.Scale(domain=[-EDGE, EDGE], nice=False)}
    legend = alt.Legend(title=None, orient="bottom", columns=3, labelLimit=160, symbolOpacity=1)
    points = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True)
        .encode(
            x=alt.X("x:Q", **axis),
            y=alt.Y("y:Q", **axis),
            color=alt.Color("value:N", scale=alt.Scale(domain=domain, range=_range(COLOURS, OTHERS[0], len(domain))), legend=legend),
            shape=alt.Shape("value:N", scale=alt.Scale(domain=domain, range=_range(SHAPES, OTHERS[1], len(domain))), legend=legend),
            size=alt.condition(pick, alt.value(260), alt.value(55), empty=False),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.7), empty=False),
            tooltip=[
                alt.Tooltip("title:N", title=texts["landscape_document"]),
                alt.Tooltip("stated:N", title=texts[f"practices_facet_{facet}"]),
                alt.Tooltip("name:N", title=texts["landscape_theme"]),
            ],
        )
        .add_params(pick)
    )
    layers = [points, *_names(found.clusters, theme, texts)]
    description = texts["landscape_description"].format(
        passages=texts.count("n_passages", found.passages), themes=texts.count("landscape_n_themes", len(found.clusters))
    )
    return alt.layer(*layers).properties(height=HEIGHT, description=description).configure_view(stroke=None)


def _names(clusters: Sequence[Cluster], theme: str, texts: Texts) -> list["alt.Chart"]:
    """The clusters' names, with a halo so that they can be read among the points."""
    import altair as alt

    rows = [
        {"x": cluster.x, "y": cluster.y, THEME: cluster.id, "words": list(cluster.name(texts.code).words)}
        for cluster in clusters
    ]
    pick = alt.selection_point(name=THEME, fields=[THEME], on="click")
    named = alt.Chart(alt.InlineData(values=rows)).transform_calculate(
        shown=f"width < {NARROW} ? slice(datum.words, 0, 1) : datum.words"
    )
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q"), "text": alt.Text("shown:N")}
    look = {"fontSize": 13, "fontWeight": 600, "lineHeight": 15, "baseline": "middle"}
    return [
        named.mark_text(**look, color=HALO[theme], stroke=HALO[theme], strokeWidth=4, opacity=0.85).encode(**at),
        named.mark_text(**look, color=INK[theme], cursor="pointer").encode(**at).add_params(pick),
    ]


def theme_name(cluster: Cluster, texts: Texts) -> str:
    """A cluster's name; in brackets its language, where it is not the reader's."""
    name = cluster.name(texts.code)
    words = ", ".join(name.words) or texts["landscape_unnamed"]
    return words if name.language == texts.code else f"{words} ({texts.language(name.language)})"


def _labels(points: Sequence[Point], facet: Facet, texts: Texts) -> dict[str, str]:
    """The names of the most frequent values, most frequent first."""
    counts = Counter(value_of(point, facet) for point in points)
    counts.pop(NOT_STATED, None)
    ranked = sorted(counts, key=lambda value: (-counts[value], value))[: len(COLOURS)]
    return {value: value_name(facet, value, texts) for value in ranked}


def _range(values: Sequence[str], other: str, count: int) -> list[str]:
    """The scale's range: the first values, and `other` for what comes behind them."""
    return [*values, other][:count] if count > len(values) else [*values[: count - 1], other][:count]
