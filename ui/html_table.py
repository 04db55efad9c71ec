"""A table as HTML: readable by keyboard and screen reader, where Streamlit's own is a picture."""

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
<style>
.kb-table { overflow-x: auto; }
.kb-table table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.kb-table th, .kb-table td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
.kb-table th[scope=row] { font-weight: 400; min-width: 14rem; }
.kb-table td { min-width: 5rem; }
.kb-table a { color: inherit; }
</style>
"""


def table(label: str, header: Sequence[str], rows: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """A table called `label`; each row is a text, the address of ours that it leads to, and its other cells."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
    body = "".join(
        f'<tr><th scope="row"><a href="{escape(address)}" target="_self">{escape(text)}</a></th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for text, address, cells in rows
    )
    made = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'{_STYLE}<div class="kb-table" role="region" aria-label="{escape(label)}" tabindex="0">{made}</div>'
