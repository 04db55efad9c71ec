"""A machine that keeps writing until it is killed: `python -m tests.kb.engines.writer HOME URL COLLECTION`.

Like `tests.kb.writer`: each document has passages that all name one version; version n replaces version n - 1.
"""

import sys
from itertools import count
from pathlib import Path

from kb import KnowledgeBase
from kb.encoder import load_encoder
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.settings import Cluster
from tests.kb.drafts import draft, embedded
from tests.kb.writer import PATH, SUBJECTS, VERSIONS

REMOVED_EVERY = 7
"""Versions after which the document is removed, moved there and back again."""


def main(home: str, url: str, collection: str) -> None:
    """Write the versions in turn, for ever."""
    with KnowledgeBase(
        QdrantEngine(Cluster((url,), collection=collection), Path(home), create=True), load_encoder()
    ) as kb:
        kb.engine.claim(kb.encoder)
        drafts = [
            draft(PATH, *(("en", f"The {word} team of volunteers cleans the {subject}.") for subject in SUBJECTS))
            for word in VERSIONS
        ]
        ready = [(made, embedded(kb.encoder, made)) for made in drafts]
        for number in count():
            document = kb.engine.put(*ready[number % len(ready)])
            if number % REMOVED_EVERY == 0 and number:
                kb.engine.move(document, f"{PATH}-moved")
                kb.engine.move(document, PATH)
                kb.engine.remove(document)
            print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
