"""What an RTF reader has read so far: the blocks of the body, a note or a text box, and those of open tables."""

from dataclasses import dataclass, field

from ingest.extract.base import Block
from ingest.extract.office import common


@dataclass(slots=True)
class Table:
    """A row while it is read: its finished cells, and the blocks of the cell that is open."""

    cells: list[list[Block]] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """A run of paragraphs: the body, a note or a text box."""

    kind: str
    text: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)  # bytes that wait to be decoded by `codec`
    codec: str = "ascii"
    blocks: list[Block] = field(default_factory=list)
    beside: list[Block] = field(default_factory=list)  # notes and boxes, which follow the open paragraph
    tables: dict[int, Table] = field(default_factory=dict)  # the open ones by their depth, from 1
    is_bold: bool = True
    is_item: bool = False

    def flush(self) -> None:
        """Decode the bytes that wait."""
        if self.raw:
            self.text.append(self.raw.decode(self.codec, "replace"))
            self.raw.clear()

    def all_blocks(self) -> list[Block]:
        """Its blocks, those of rows that never ended too."""
        open_rows = ([*self.tables[depth].cells, self.tables[depth].cell] for depth in sorted(self.tables))
        return [*self.blocks, *(block for cells in open_rows for block in common.row(cells))]
