"""The tables of what there is and what is missing, as HTML: numbers with shades, and stripes where there is nothing."""

from html import escape
from math import ceil, sqrt

from kb.catalogue import Facet
from kb.coverage import Count, Coverage
from ui import state
from ui.landscape_chart import GROUND
from ui.practice_facets import NAMES, value_name
from ui.texts import Texts

SHADES = 4
"""Steps of shade: more are not told apart."""

_STYLE = """
<style>
.kb-coverage { overflow-x: auto; }
.kb-coverage table { border-collapse: separate; border-spacing: 2px; font-size: .9rem; }
.kb-coverage th { text-align: left; font-weight: 400; padding: .3rem .5rem; vertical-align: bottom; }
.kb-coverage thead th { min-width: 4.2rem; text-align: center; }
.kb-coverage th[scope=row] { position: sticky; left: 0; background: var(--kb-ground); min-width: 8rem;
  max-width: 16rem; }
.kb-coverage thead th:first-child { text-align: left; position: sticky; left: 0; background: var(--kb-ground); }
.kb-coverage td { text-align: center; padding: 0; border-radius: .25rem; }
.kb-coverage td a, .kb-coverage td span { display: block; padding: .3rem .5rem; min-width: 2.5rem; }
.kb-coverage a { color: inherit; }
.kb-coverage td a { text-decoration: none; }
.kb-coverage a:hover, .kb-coverage a:focus-visible { text-decoration: underline; outline: 2px solid currentColor; }
.kb-s1 { background: rgba(31, 130, 140, .15); } .kb-s2 { background: rgba(31, 130, 140, .28); }
.kb-s3 { background: rgba(31, 130, 140, .41); } .kb-s4 { background: rgba(31, 130, 140, .55); }
.kb-s0 { background: repeating-linear-gradient(135deg, transparent 0 5px, rgba(128, 128, 128, .22) 5px 7px); }
@media (max-width: 640px) {
  .kb-coverage th[scope=row] { min-width: 6.5rem; max-width: 8rem; overflow-wrap: anywhere; hyphens: auto; }
}
</style>
"""


def style(theme: str | None) -> str:
    """The table's look in the "light" or "dark" theme: the heads of rows stay in sight, so they hide what is behind."""
    return _STYLE.replace("var(--kb-ground)", GROUND[theme or "light"])


def table(found: Coverage, texts: Texts) -> str:
    """The table with a row a topic; each number leads to the practices that it counts."""
    columns = [value_name(found.side, column, texts) for column in found.columns]
    most = max((count.practices for count in found.cells.values()), default=1)
    heads = "".join(
        f'<th scope="col">{_link(name, _address(found.side, column))}</th>'
        for column, name in zip(found.columns, columns, strict=True)
    )
    first, last = (f'<th scope="col">{escape(texts[key])}</th>' for key in ("landscape_topic", "landscape_total"))
    body = "".join(_row(found, topic, columns, most, texts) for topic in found.rows)
    label = f"{texts['landscape_coverage']}: {texts[f'practices_facet_{found.side}']}"
    return (
        f'<div class="kb-coverage" role="region" aria-label="{escape(label)}" tabindex="0">'
        f"<table><thead><tr>{first}{heads}{last}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(found: Coverage, topic: str, columns: list[str], most: int, texts: Texts) -> str:
    name = value_name(Facet.TOPICS, topic, texts)
    cells = "".join(
        _cell(found.cell(topic, column), most, f"{name}, {shown}", _address(found.side, column, topic), texts)
        for column, shown in zip(found.columns, columns, strict=True)
    )
    total = _cell(found.row_total(topic), 0, name, _address(found.side, "", topic), texts)
    head = _link(name, _address(found.side, "", topic)) if found.row_total(topic).practices else escape(name)
    return f'<tr><th scope="row">{head}</th>{cells}{total}</tr>'


def _cell(count: Count, most: int, what: str, address: str, texts: Texts) -> str:
    """A count with its shade (none where `most` is 0), leading to what it counts."""
    number = texts.integer(count.practices)
    if not count.practices:
        return f'<td class="kb-s0"><span>{number}</span></td>'
    shade = f' class="kb-s{ceil(SHADES * sqrt(count.practices / most))}"' if most else ""
    told = f"{texts.count('practices_n_practices', count.practices)}, {texts.count('n_passages', count.passages)}"
    label = escape(f"{what}: {told}")
    return (
        f'<td{shade}><a href="{escape(address)}" target="_self" aria-label="{label}" title="{label}">{number}</a></td>'
    )


def _link(text: str, address: str) -> str:
    return f'<a href="{escape(address)}" target="_self">{escape(text)}</a>'


def _address(side: Facet, column: str, topic: str = "") -> str:
    return state.address("practices", topic=topic, **{NAMES[side]: column})
