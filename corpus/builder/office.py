"""What office files share: fixed properties and a repeatable archive."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from builder.source import Source

FIRST = {"[Content_Types].xml", "mimetype"}


def set_properties(properties: Any, source: Source) -> None:
    """Fill the core properties, so that nothing depends on the day of the build."""
    properties.title = source.title
    properties.subject = source.topic
    properties.author = "HopKB"
    properties.last_modified_by = "HopKB"
    properties.language = source.language
    properties.comments = ""
    properties.revision = 1
    properties.created = source.moment
    properties.modified = source.moment


def repeatable(data: bytes, source: Source) -> bytes:
    """The same archive with its members in order and dated with the document's day."""
    day = source.date
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        # The content types come first, as Office programs write them, or the type of OpenDocument, unpacked.
        for name in sorted(old.namelist(), key=lambda name: (name not in FIRST, name)):
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
            info.create_system = 0
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name), method, 9)
    return buffer.getvalue()
