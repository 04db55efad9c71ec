"""Runs one task on a file in a child process under limits: a hostile file costs itself, nothing else.

    this process ──► fork server ──► supervisor ──► worker: confined, then the task
       ▲  watches time, memory, disk    │ ends the worker        │
       └────────── JSON, by a pipe ─────┼────────────────────────┘

The fork server has the parsers loaded, so a file costs milliseconds. The result comes back as JSON, never
as pickle, which a subverted parser could turn into code. docs/security.md says what holds, and where.
"""

from ingest.sandbox.deadline import within
from ingest.sandbox.layers import Layers
from ingest.sandbox.limits import GB, USUAL, Broken, Limits
from ingest.sandbox.parent import Json, extract_safely, granted, run

__all__ = ["GB", "USUAL", "Broken", "Json", "Layers", "Limits", "extract_safely", "granted", "run", "within"]
