"""A briefing: passages a reader has collected, with her notes, as a document to hand on.

draft.py ─► compose.py ─► word.py, pdf.py, markdown.py
what she    what it        the document, as bytes
chose       says
"""
