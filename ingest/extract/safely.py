"""Extraction in the sandbox: a hostile file costs itself, nothing else."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from ingest.extract import extract
from ingest.extract.base import Block, BlockKind, Extraction
from kb.sandbox import USUAL, Broken, Json, Layers, Limits, run
from kb.types import PlaceKind


def extract_safely(path: Path, limits: Limits = USUAL, layers: Layers | None = None) -> Extraction:
    """`extract(path)` in a child process.

    Raises Refused with a reason for people, Broken where the file breaks the parser or a limit.
    """
    found = run(_extract, path.absolute(), limits=limits, layers=layers)
    try:
        return _extraction(found)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Broken("made its reader answer nonsense") from None


_DEFAULTS = {field.name: field.default for field in fields(Block)}


def _extract(path: Path) -> Json:
    found = asdict(extract(path))
    # What a block leaves at its default need not be said of each of fifty thousand.
    blocks = [{name: value for name, value in block.items() if value != _DEFAULTS[name]} for block in found["blocks"]]
    return {**found, "blocks": blocks}


def _extraction(found: dict[str, Any]) -> Extraction:
    blocks = tuple(Block(**{**block, "kind": BlockKind(block["kind"])}) for block in found["blocks"])
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Extraction(**{**values, "place": PlaceKind(found["place"]), "blocks": blocks})
