"""The map of passages as a chart: a point a passage, coloured and shaped by language, country, city or topic."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from kb.catalogue import Facet
from kb.landscape.reading import Cluster, Landscape, Point
from kb.types import NOT_STATED
from ui.practice_facets import value_name
from ui.texts import Texts

if TYPE_CHECKING:
    import altair as alt

COLOURS = ("#4477aa", "#ee6677", "#228833", "#b8860b", "#aa3377", "#33a6c4")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""Told apart by colour-blind people (after Paul Tol) and, where colours fail, by shape: as many as that are named."""

LOOKS = ((COLOURS, "#8c8c8c"), (SHAPES, "circle"))
"""The last ones are of all further values together."""

HEIGHT = 560
"""Pixels: the map and its legend fit a laptop's screen."""

NARROW = 480
"""Pixels: on a narrower map only the first word of a name has room."""

LABEL_LIMIT = 225
"""Pixels of a name in the legend: half of the map on a laptop, the whole of it on a phone."""

EDGE = 1.1
"""The map's coordinates end at 1; the outermost names need room."""

GROUND = {"light": "#ffffff", "dark": "#171614"}
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
    found: Landscape,
    facet: Facet,
    titles: Mapping[int, str],
    texts: Texts,
    choose: Callable[[int | None, int | None], None],
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
    named = [*labels.values(), *([others] if any(row["value"] == others for row in rows) else [])]
    looks = [dict(zip(labels.values(), own, strict=False)) | {others: last} for own, last in LOOKS]
    colours, shapes = (alt.Scale(domain=named, range=[of[name] for name in named]) for of in looks)
    pick = alt.selection_point(name=PASSAGE, fields=[PASSAGE], on="click")
    axis: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-EDGE, EDGE], nice=False)}
    legend = alt.Legend(
        title=None,
        orient="bottom",
        columns=alt.expr(f"width < {NARROW} ? 1 : 2"),
        labelLimit=LABEL_LIMIT,
        labelColor=INK[theme],
        symbolOpacity=1,
    )
    points = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, aria=False)  # the list of themes reads better than a thousand points
        .encode(
            x=alt.X("x:Q", **axis),
            y=alt.Y("y:Q", **axis),
            color=alt.Color("value:N", scale=colours, legend=legend),
            shape=alt.Shape("value:N", scale=shapes, legend=legend),
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
        passages=texts.count("n_passages", found.passages),
        themes=texts.count("landscape_n_themes", len(found.clusters)),
    )
    chart: alt.LayerChart = alt.layer(*layers).configure_view(stroke=None)
    return chart.properties(height=HEIGHT, description=description)


def _names(clusters: Sequence[Cluster], theme: str, texts: Texts) -> list["alt.Chart"]:
    """The clusters' names, with a halo so that they can be read among the points."""
    import altair as alt

    rows = [
        {"x": cluster.x, "y": cluster.y, THEME: cluster.id, "all": "\n".join(words), "first": words[0]}
        for cluster in clusters
        if (words := cluster.name(texts.code).words)
    ]
    pick = alt.selection_point(name=THEME, fields=[THEME], on="click")
    shown = f"width < {NARROW} ? datum.first : datum.all"
    named = alt.Chart(alt.InlineData(values=rows)).transform_calculate(shown=shown)
    at: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q"), "text": alt.Text("shown:N")}
    look: dict[str, Any] = {
        "fontSize": 13,
        "fontWeight": 600,
        "lineHeight": 15,
        "baseline": "middle",
        "lineBreak": "\n",
    }
    return [
        named.mark_text(**look, color=GROUND[theme], stroke=GROUND[theme], strokeWidth=4, opacity=0.85).encode(**at),
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
