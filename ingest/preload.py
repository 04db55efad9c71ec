"""Loaded by the fork server, so that no child has to: the parsers, and the dictionaries by which the encoding of
an old text is told, which a child could not take from the user's cache folder."""

import lxml.etree
import pypdf
import trafilatura

from kb import terms
from kb.config import LANGUAGES

__all__ = ["lxml", "pypdf", "trafilatura"]

terms.prepare(LANGUAGES)
