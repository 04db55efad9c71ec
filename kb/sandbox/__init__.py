"""Runs one task on a file in a child process under limits: a hostile file costs itself, nothing else.

    this process ──► fork server ──► supervisor ──► worker: confined, then the task
       ▲  watches time, memory, disk    │ ends the worker        │
       └────────── JSON, by a pipe ─────┼────────────────────────┘

The fork server has the parsers loaded (`preload`), so a file costs milliseconds. The result comes back as JSON, never
as pickle, which a subverted parser could turn into code. docs/security.md says what holds, and where.
"""

from kb.sandbox.deadline import within
from kb.sandbox.layers import Layers
from kb.sandbox.limits import GB, MB, USUAL, Broken, Limits
from kb.sandbox.parent import Json, granted, preload, run, start

__all__ = ["GB", "MB", "USUAL", "Broken", "Json", "Layers", "Limits", "granted", "preload", "run", "start", "within"]
