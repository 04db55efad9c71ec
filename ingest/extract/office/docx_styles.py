"""What a Word document's styles say of a paragraph or run: heading, list item, hidden, bold."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingest.extract.office import looks
from ingest.extract.office.ooxml import attribute, child, is_on, tag

BODY_LEVEL = 9
"""The outline level of body text; 0 to 8 are headings."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style, with what it takes from those it is based on."""

    heading: bool = False
    item: bool = False
    hidden: bool = False
    bold: bool = False
    contents: bool = False
    """Of a line of a table of contents, which repeats the headings."""


class Styles:
    """The styles of a document, from the root of its part (None where it has none)."""

    def __init__(self, root: Any) -> None:
        self._elements = {
            attribute(element, "w:styleId"): element
            for element in (root if root is not None else ())
            if tag(element) == "w:style"
        }
        self._default = next(
            (
                name
                for name, element in self._elements.items()
                if attribute(element, "w:type") == "paragraph" and attribute(element, "w:default") in {"1", "true"}
            ),
            "",
        )
        self._known: dict[str, Style] = {}

    @cached_property
    def default(self) -> Style:
        """That of paragraphs which name none."""
        return self.of(self._default)

    def of(self, name: str) -> Style:
        """The style with this id; one that is not defined says what its id says."""
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> Style:
        if name not in self._elements:
            return Style(heading=looks.is_heading_name(name), item=name.lower().startswith("list"))
        chain = self._chain(name)
        names = [_name(element) for element in chain]
        levels = (outline_level(child(element, "w:pPr")) for element in chain)
        level = next((level for level in levels if level is not None), None)
        named = any(looks.is_heading_name(each) for each in names)
        return Style(
            heading=named if level is None else level < BODY_LEVEL or looks.is_heading_name(names[0]),
            item=names[0].startswith("list") or any(_is_numbered(element) for element in chain),
            hidden=any(is_on(child(element, "w:rPr", "w:vanish")) for element in chain),
            bold=_first(chain, "w:b"),
            contents=looks.is_contents_name(names[0]),
        )

    def _chain(self, name: str) -> list[Any]:
        """The style and those it is based on."""
        chain: list[Any] = []
        while name in self._elements and self._elements[name] not in chain:
            chain.append(self._elements[name])
            base = child(chain[-1], "w:basedOn")
            name = attribute(base, "w:val") if base is not None else ""
        return chain


def outline_level(properties: Any) -> int | None:
    """The outline level that paragraph properties (w:pPr) state."""
    stated = child(properties, "w:outlineLvl")
    value = attribute(stated, "w:val") if stated is not None else ""
    return int(value) if value.isdigit() else None


def list_number(properties: Any) -> str:
    """The list that paragraph properties put the paragraph in: "" none stated, "0" none."""
    number = child(properties, "w:numPr", "w:numId")
    return attribute(number, "w:val") if number is not None else ""


def _name(style: Any) -> str:
    named = child(style, "w:name")
    return attribute(named, "w:val").lower() if named is not None else ""


def _is_numbered(style: Any) -> bool:
    return list_number(child(style, "w:pPr")) not in {"", "0"}


def _first(chain: list[Any], name: str) -> bool:
    """Whether the nearest style that says anything of the property `name` says on."""
    stated = (child(element, "w:rPr", name) for element in chain)
    return is_on(next((element for element in stated if element is not None), None))
