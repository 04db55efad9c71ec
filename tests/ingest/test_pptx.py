"""Slides: their texts as the eye takes them, charts, SmartArt, hidden slides, slides of pictures."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Inches

from ingest.extract import extract
from ingest.extract.base import BlockKind
from tests.ingest import texts
from tests.ingest.files import Slide, make_pptx, read, rewrite_member
from tests.ingest.twins import likeness, needs_libreoffice, saved_as


def found(path: Path) -> list[str]:
    return [block.text for block in extract(path).blocks]


def deck_of(path: Path, draw: Callable[[Any], object], layout: int = 6) -> Path:
    """A deck with one slide of this layout (6 is empty), which `draw` fills."""
    deck = pptx.Presentation()
    draw(deck.slides.add_slide(deck.slide_layouts[layout]))
    deck.save(str(path))
    return path


def box(shapes: Any, left: float, top: float, *lines: str, width: float = 3, height: float = 1) -> Any:
    """A text box; all in inches."""
    made = shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    made.text_frame.text = "\n".join(lines)
    return made


def test_boxes_are_read_from_the_top_and_in_a_row_from_the_left(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        box(slide.shapes, 1, 5, "last")
        box(slide.shapes, 5, 1.1, "second")
        box(slide.shapes, 1, 1, "first")
        box(slide.shapes, 5, 3, "right one", "right two", height=1.8)
        box(slide.shapes, 1, 3.2, "left one", "left two", height=1.6)

    assert found(deck_of(tmp_path / "a.pptx", draw)) == [
        *("first", "second", "left one", "left two", "right one", "right two", "last")
    ]


def test_a_caption_stays_with_the_column_below_it(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        for at, name in enumerate(["Riga", "Kaunas"]):
            box(slide.shapes, 1 + 4 * at, 2, f"{name} pays.", f"{name} thanks.", height=3)
            box(slide.shapes, 1 + 4 * at, 1, name)

    assert found(deck_of(tmp_path / "a.pptx", draw)) == [
        *("Riga", "Riga pays.", "Riga thanks.", "Kaunas", "Kaunas pays.", "Kaunas thanks.")
    ]


def test_groups_stand_where_the_slide_shows_them(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        group = slide.shapes.add_group_shape()
        box(group.shapes, 1, 1, "in the group, lower right")
        box(group.shapes, 0, 0, "in the group, upper left")
        group.left, group.top, group.width, group.height = Inches(1), Inches(5), Inches(4), Inches(2)
        box(slide.shapes, 1, 3, "above the group")

    assert found(deck_of(tmp_path / "a.pptx", draw)) == [
        *("above the group", "in the group, upper left", "in the group, lower right")
    ]


def test_placeholders_stand_where_their_layout_puts_them(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        box(slide.shapes, 1, 7, "below the text")
        slide.shapes.title.text = "Title"
        slide.placeholders[1].text = "the text"

    assert found(deck_of(tmp_path / "a.pptx", draw, layout=1)) == ["Title", "the text", "below the text"]


def test_charts_tell_their_titles_categories_and_values(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        data = CategoryChartData(number_format="0%")
        data.categories = ["2019", "2020"]
        data.add_series("Volunteers", (0.4, 0.555))
        place = (Inches(1), Inches(1), Inches(5), Inches(3))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Who helps"
        chart.value_axis.has_title = True
        chart.value_axis.axis_title.text_frame.text = "Share of the town"
        points = XyChartData()
        points.add_series("Hours").add_data_point(1, 2.5)
        slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Inches(1), Inches(5), Inches(5), Inches(3), points)

    assert found(deck_of(tmp_path / "a.pptx", draw)) == [
        *("Who helps", "Share of the town", "Volunteers | 2019 40 % | 2020 55.5 %", "Hours | 1 2.5")
    ]


DIAGRAM = """<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt modelId="0" type="doc"/>
 {points}<dgm:pt modelId="9" type="pres"><dgm:t><a:p><a:r><a:t>never shown</a:t></a:r></a:p></dgm:t></dgm:pt>
 </dgm:ptLst>
 <dgm:cxnLst><dgm:cxn modelId="c1" srcId="0" destId="2" srcOrd="1"/>
 <dgm:cxn modelId="c2" srcId="0" destId="1" srcOrd="0"/>
 <dgm:cxn modelId="c3" srcId="1" destId="3" srcOrd="0"/></dgm:cxnLst></dgm:dataModel>"""
POINT = '<dgm:pt modelId="{}"><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>'
FRAME = """<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:nvGraphicFramePr>
 <p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/>
 <a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">
 <dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="rId77"/></a:graphicData>
 </a:graphic></p:graphicFrame>"""


def test_smart_art_is_read_in_its_order(tmp_path: Path) -> None:
    path = deck_of(tmp_path / "a.pptx", lambda slide: slide.shapes._spTree.append(etree.fromstring(FRAME)))
    points = "".join(POINT.format(*point) for point in [(2, "Thank"), (1, "Find"), (3, "at school")])
    relation = (
        b'<Relationship Id="rId77" Target="../diagrams/data1.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"/></Relationships>'
    )
    rewrite_member(path, "ppt/slides/_rels/slide1.xml.rels", lambda xml: xml.replace(b"</Relationships>", relation))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ppt/diagrams/data1.xml", DIAGRAM.format(points=points))
    assert found(path) == ["Find", "at school", "Thank"]


def test_hidden_slides_are_marked_and_keep_their_numbers(tmp_path: Path) -> None:
    slides = [Slide("Shown", ["One"]), Slide("Hidden", ["Two"], notes=["Say three."]), Slide("Shown again")]
    path = make_pptx(tmp_path / "a.pptx", slides)
    rewrite_member(path, "ppt/slides/slide2.xml", lambda xml: xml.replace(b"<p:sld ", b'<p:sld show="0" ', 1))
    assert [(block.number, block.hidden) for block in extract(path).blocks] == [
        *((1, False), (1, False), (2, True), (2, True), (2, True), (3, False))
    ]
    assert read(path).label_of("Say three.") == "slide 2"


def test_slides_of_pictures_are_named_and_their_descriptions_read(tmp_path: Path, picture: Path) -> None:
    deck = pptx.Presentation()
    told = ["A picture containing person, outdoor", "Twelve pensioners plant lime trees along the river.", "IMG_2.jpg"]
    for text in told:
        shown = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_picture(str(picture), Emu(0), Emu(0))
        shown._element.nvPicPr.cNvPr.set("descr", text)
    deck.save(str(tmp_path / "a.pptx"))
    assert found(tmp_path / "a.pptx") == [told[1]]
    assert extract(tmp_path / "a.pptx").remarks == ("slides 1, 3: only pictures, whose text is not read",)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (40, 30), "white").save(tmp_path / "a.png")
    return tmp_path / "a.png"


@needs_libreoffice
def test_a_deck_with_a_chart_has_the_same_words_as_its_twin(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        data = CategoryChartData()
        data.categories = ["Jelgava", "Ogre"]
        data.add_series("Brīvprātīgie", (40, 55))
        slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(5), Inches(3), data)
        box(slide.shapes, 1, 5, texts.LV, width=8)

    deck = deck_of(tmp_path / "a.pptx", draw)
    (twin,) = saved_as("odp", [deck], tmp_path)
    assert "Brīvprātīgie | Jelgava 40 | Ogre 55" in found(twin)
    assert likeness(deck, twin) >= 0.97
    assert BlockKind.ROW in {block.kind for block in extract(twin).blocks}
