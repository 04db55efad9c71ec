"""From files to a knowledge base."""

from kb import sandbox

sandbox.preload("ingest.preload")
