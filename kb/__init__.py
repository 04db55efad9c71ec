"""The knowledge base: store, encoder, index, search and answer. Imports neither ingest nor ui."""

from kb.knowledge_base import KnowledgeBase
from kb.types import Answer, Citation, Document, Evidence, Filters, Hit, Passage, Place

__all__ = ["Answer", "Citation", "Document", "Evidence", "Filters", "Hit", "KnowledgeBase", "Passage", "Place"]
