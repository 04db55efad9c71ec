"""LibreOffice as a library: reads a document and writes it in another format. A program, run in a process of its own.

    python office_kit.py FOLDER_OF_LIBREOFFICE URL_OF_PROFILE URL_OF_DOCUMENT URL_TO_WRITE FORMAT

The command `soffice --convert-to` does the same, but it opens a socket in /tmp, whatever it is told, and starts
three processes; in the sandbox it may do neither. The library's interface (LibreOfficeKit.h) has kept its order
of functions since LibreOffice 4.3.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

LIBRARIES = ("libmergedlo.so", "libsofficeapp.so", "libmergedlo.dylib", "libsofficeapp.dylib")
"""Where LibreOfficeKit is, by how LibreOffice was built."""

CANNOT_READ, CANNOT_WRITE = 2, 3
"""Exit codes."""

_KIT_LOAD, _DOCUMENT_SAVE = 2, 2
"""Places in the tables of functions; a size and the destructor stand before them."""


def library(folder: Path) -> Path | None:
    """LibreOffice's library in its folder, None where it has none."""
    return next((folder / name for name in LIBRARIES if (folder / name).exists()), None)


def _function(thing: int, place: int, result: Any, *arguments: Any) -> Any:
    """The function at `place` of the table that a LibreOfficeKit object begins with."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0]
    address = ctypes.cast(table or 0, ctypes.POINTER(ctypes.c_void_p))[place]
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


def convert(folder: str, profile: str, source: str, target: str, form: str) -> int:
    """Returns 0, CANNOT_READ or CANNOT_WRITE."""
    path, text = ctypes.c_void_p, ctypes.c_char_p
    start = ctypes.CDLL(str(library(Path(folder))), ctypes.RTLD_GLOBAL).libreofficekit_hook_2
    start.restype, start.argtypes = path, (text, text)
    kit = start(folder.encode(), profile.encode())
    document = _function(kit, _KIT_LOAD, path, path, text)(kit, source.encode()) if kit else None
    if not document:
        return CANNOT_READ
    save = _function(document, _DOCUMENT_SAVE, ctypes.c_int, path, text, text, text)
    return 0 if save(document, target.encode(), form.encode(), None) else CANNOT_WRITE


if __name__ == "__main__":
    os.environ["SAL_USE_VCLPLUGIN"] = "svp"  # without windows
    os._exit(convert(*sys.argv[1:6]))  # what the library's destructors would do is no longer needed
