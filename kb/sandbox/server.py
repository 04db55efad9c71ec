"""Loaded by the fork server before all else."""

from multiprocessing import spawn

from kb.sandbox import child

__all__ = ["child"]

# A child needs the module of its task and no other. Multiprocessing would run in each child the script that the
# asking process runs, which may be Streamlit's or a page.
spawn._fixup_main_from_name = spawn._fixup_main_from_path = lambda _: None  # type: ignore[attr-defined]
