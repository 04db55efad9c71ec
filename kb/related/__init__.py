"""The same document in another format, version or language: found once, kept as links, never merged.

neighbours (which documents may be related) -> overlap (the same words) and alignment (the same in another
language) -> judge (how two documents are related) -> compare (all that wait for it) -> links (what was found).
"""
