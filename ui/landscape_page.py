"""The landscape page."""

from kb import KnowledgeBase
from ui.texts import Texts


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
